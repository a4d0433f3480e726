package org.djlrunner.djl.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an evaluation found of each class, as lines for people. */
final class ClassTables {
  /** Above so many classes a matrix is too wide for a log; the file has it. */
  static final int WIDEST_MATRIX = 30;

  private ClassTables() {}

  /** A line for each class, then the averages. */
  static List<String> scores(ClassReport report, List<String> names, String suffix) {
    String corner = "class" + suffix;
    int width = Math.max(width(names), corner.length());
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(pad(corner, width));
    for (ClassScore score : ClassScore.values()) {
      head.append(String.format(Locale.ROOT, "  %9s", score.word()));
    }
    lines.add(head.toString());
    for (int c = 0; c < names.size(); c++) {
      StringBuilder line = new StringBuilder(pad(names.get(c), width));
      for (ClassScore score : ClassScore.values()) {
        line.append(cell(score, report.of(score, c)));
      }
      lines.add(line.toString());
    }
    for (Averaging way : List.of(Averaging.MACRO, Averaging.MICRO)) {
      StringBuilder line = new StringBuilder(pad(way.name().toLowerCase(Locale.ROOT), width));
      for (ClassScore score : ClassScore.values()) {
        line.append(cell(score, report.average(score, way)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** A line for each label with its counts by predicted class; none where that is too wide. */
  static List<String> confusion(long[][] matrix, List<String> names, String suffix) {
    if (names.size() > WIDEST_MATRIX) {
      return List.of();
    }
    String corner = "label" + suffix;
    int width = Math.max(width(names), corner.length());
    List<String> columns = new ArrayList<>(names);
    columns.add("none");
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(pad(corner, width));
    columns.forEach(name -> head.append("  ").append(String.format(Locale.ROOT, "%7s", name)));
    lines.add(head.toString());
    for (int row = 0; row < matrix.length; row++) {
      StringBuilder line = new StringBuilder(pad(names.get(row), width));
      for (int c = 0; c < columns.size(); c++) {
        int own = Math.max(7, columns.get(c).length());
        line.append("  ").append(String.format(Locale.ROOT, "%" + own + "d", matrix[row][c]));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static String cell(ClassScore score, double value) {
    return score == ClassScore.SUPPORT
        ? String.format(Locale.ROOT, "  %9d", (long) value)
        : String.format(Locale.ROOT, "  %9.2f", value);
  }

  private static int width(List<String> names) {
    return names.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
