package org.djlrunner.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.Mark;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in plain words why a text could not be parsed, and where. */
final class SyntaxError {

  private SyntaxError() {}

  // Deprecated for its package's name; it alone gives the reason apart from the excerpt.
  @SuppressWarnings("deprecation")
  static void add(JsonProcessingException e, String source, ConfigErrors errors) {
    if (e instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      Mark mark = yaml.getProblemMark();
      String context = yaml.getContext() == null ? "" : yaml.getContext();
      String reason = plainWords(context, yaml.getProblem());
      add(source, mark.getLine() + 1, mark.getColumn() + 1, reason, errors);
      return;
    }
    JsonLocation at = e.getLocation();
    String firstLine = e.getOriginalMessage().lines().findFirst().orElse("");
    boolean isKey = firstLine.startsWith("Expected a field name");
    String reason = isKey ? "a key must be a plain text" : "not readable: " + firstLine;
    if (at == null) {
      errors.add("", new Location(source, 0), reason);
    } else {
      add(source, at.getLineNr(), at.getColumnNr(), reason, errors);
    }
  }

  private static void add(String source, int line, int column, String reason, ConfigErrors errors) {
    errors.add("", new Location(source, line), "column " + column + ": " + reason);
  }

  private static String plainWords(String context, String problem) {
    if (problem.contains("(TAB)")) {
      return "a tab cannot stand here; indent with spaces";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "a second ': ' in one line; put the value in quotes, or check the indentation";
    }
    if (context.contains("quoted scalar") && problem.contains("end of stream")) {
      return "a quote is opened and never closed";
    }
    if (problem.startsWith("found character") && problem.contains("cannot start any token")) {
      String character = problem.replaceFirst("found character '(.*)' that.*", "$1");
      return "a value cannot start with '" + character + "'; put it in quotes";
    }
    return context.isEmpty() ? problem : problem + " (" + context + ")";
  }
}
