package org.djlrunner.examples.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation said about classes: a file of the folder {@code evaluation}.
 *
 * @param file the file's name
 * @param name the evaluation's, empty for the one without
 * @param epoch the epoch shown
 * @param step the training iterations behind the weights
 * @param classes their names
 * @param scores by ending ({@code ""}, {@code _thr_0.50}) and score a value for each class, and
 *     below {@code macro} and {@code micro} none
 * @param averages by ending, way and score
 * @param confusions by ending a row for each label, a column for each class and one for none
 */
record Evaluation(
    String file,
    String name,
    int epoch,
    int step,
    List<String> classes,
    Map<String, Map<String, List<Double>>> scores,
    Map<String, Map<String, Map<String, Double>>> averages,
    Map<String, List<List<Long>>> confusions) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads one.
   *
   * @throws IOException if it can't be read or doesn't hold what such a file holds
   */
  static Evaluation read(Path file) throws IOException {
    JsonNode content = JSON.readTree(file.toFile());
    if (!content.path("step").canConvertToInt() || !content.path("epoch").canConvertToInt()) {
      throw new IOException("it has no epoch and step");
    }
    List<String> classes = new ArrayList<>();
    content.path("classes").forEach(name -> classes.add(name.asText()));
    Map<String, Map<String, List<Double>>> scores = new LinkedHashMap<>();
    Map<String, Map<String, Map<String, Double>>> averages = new LinkedHashMap<>();
    Map<String, List<List<Long>>> confusions = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : content.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      if (key.startsWith("per_class")) {
        scores.put(key.substring("per_class".length()), perClass(value, classes.size()));
      } else if (key.startsWith("average")) {
        averages.put(key.substring("average".length()), average(value));
      } else if (key.startsWith("confusion_matrix")) {
        confusions.put(key.substring("confusion_matrix".length()), matrix(value, classes.size()));
      }
    }
    return new Evaluation(
        file.getFileName().toString(),
        content.path("evaluation").asText(""),
        content.path("epoch").asInt(),
        content.path("step").asInt(),
        List.copyOf(classes),
        scores,
        averages,
        confusions);
  }

  private static Map<String, List<Double>> perClass(JsonNode node, int classes) throws IOException {
    Map<String, List<Double>> scores = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> score : node.properties()) {
      List<Double> values = new ArrayList<>();
      score.getValue().forEach(value -> values.add(value.asDouble(Double.NaN)));
      expect(values.size(), classes, score.getKey());
      scores.put(score.getKey(), values);
    }
    return scores;
  }

  private static Map<String, Map<String, Double>> average(JsonNode node) {
    Map<String, Map<String, Double>> averages = new LinkedHashMap<>();
    node.properties()
        .forEach(
            way -> {
              Map<String, Double> scores = new LinkedHashMap<>();
              way.getValue()
                  .properties()
                  .forEach(score -> scores.put(score.getKey(), score.getValue().asDouble()));
              averages.put(way.getKey(), scores);
            });
    return averages;
  }

  private static List<List<Long>> matrix(JsonNode node, int classes) throws IOException {
    List<List<Long>> rows = new ArrayList<>();
    for (JsonNode row : node) {
      List<Long> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.asLong()));
      expect(cells.size(), classes + 1, "a row of the confusion matrix");
      rows.add(cells);
    }
    expect(rows.size(), classes, "the confusion matrix");
    return rows;
  }

  private static void expect(int found, int expected, String where) throws IOException {
    if (found != expected) {
      throw new IOException(where + " has " + found + " entries instead of " + expected);
    }
  }
}
