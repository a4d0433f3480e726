package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.optim.OptimizerState;

/** An optimizer's kind and groups as JSON, which the file's metadata holds under its name. */
final class OptimizerText {
  /** The metadata's name for all of them. */
  static final String META = "djl_runner_optimizers";

  private OptimizerText() {}

  /** Writes what isn't arrays. */
  static Map<String, Object> of(OptimizerState state) {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (OptimizerState.Group group : state.groups()) {
      Map<String, Object> described = new LinkedHashMap<>();
      described.put("name", group.name());
      described.put("options", group.options());
      described.put("initial", group.initial());
      described.put("params", group.members());
      groups.add(described);
    }
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("type", state.kind());
    text.put("param_groups", groups);
    return text;
  }

  /**
   * Reads a state.
   *
   * @param parameters its arrays
   * @throws IOException if the text isn't one of {@link #of}
   */
  static OptimizerState read(JsonNode text, Map<String, Map<String, NDArray>> parameters)
      throws IOException {
    if (!text.path("type").isTextual() || !text.path("param_groups").isArray()) {
      throw new IOException("an optimizer's text needs type and param_groups");
    }
    List<OptimizerState.Group> groups = new ArrayList<>();
    for (JsonNode group : text.path("param_groups")) {
      List<String> members = new ArrayList<>();
      group.path("params").forEach(member -> members.add(member.asText()));
      groups.add(
          new OptimizerState.Group(
              group.path("name").asText(),
              numbers(group.path("options")),
              numbers(group.path("initial")),
              members));
    }
    return new OptimizerState(text.path("type").asText(), groups, parameters);
  }

  private static Map<String, Double> numbers(JsonNode node) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    // Infinite ones are text in JSON.
    node.properties()
        .forEach(
            entry ->
                numbers.put(
                    entry.getKey(),
                    entry.getValue().isTextual()
                        ? Double.parseDouble(entry.getValue().asText())
                        : entry.getValue().asDouble()));
    return numbers;
  }
}
