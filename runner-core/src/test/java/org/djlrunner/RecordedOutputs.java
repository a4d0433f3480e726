package org.djlrunner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.Vectors.Case;

/**
 * What the steps of a recorded run of loggers return, one after the other.
 *
 * @param values values by name
 * @param samples their weight
 */
record RecordedOutputs(Map<String, Double> values, int samples) {
  static List<RecordedOutputs> of(JsonNode outputs) {
    List<RecordedOutputs> list = new ArrayList<>();
    for (JsonNode output : outputs) {
      Map<String, Double> values = new LinkedHashMap<>();
      output.path(0).properties().forEach(e -> values.put(e.getKey(), number(e.getValue())));
      list.add(new RecordedOutputs(values, output.isNull() ? 1 : output.get(1).asInt()));
    }
    return list;
  }

  static double number(JsonNode node) {
    return node.isTextual()
        ? Double.parseDouble(node.asText().replace("nan", "NaN").replace("inf", "Infinity"))
        : node.asDouble();
  }

  /** A model whose steps return what is recorded. */
  static FakeStep step(Case c) {
    Map<Mode, List<RecordedOutputs>> outputs =
        Map.of(Mode.TRAIN, of(c.at("train_outputs")), Mode.VAL, of(c.at("val_outputs")));
    Map<Mode, Integer> next = new LinkedHashMap<>(Map.of(Mode.TRAIN, 0, Mode.VAL, 0));
    int[] samples = new int[1];
    return new FakeStep()
        .logging(
            (mode, batch) -> {
              int index = next.merge(mode, 1, Integer::sum) - 1;
              RecordedOutputs output = outputs.getOrDefault(mode, List.of()).get(index);
              samples[0] = output.samples();
              Map<String, Scalar> logVars = new LinkedHashMap<>();
              output.values().forEach((name, value) -> logVars.put(name, Scalar.of(value)));
              return logVars;
            })
        .samples(batch -> samples[0]);
  }

  /** The options of the first group of each optimizer, by name; {@code lr} and momentum. */
  static Map<String, List<Map<String, Double>>> optimizers(Case c) {
    Map<String, Double> sgd = Map.of("lr", 0.1, "momentum", 0.9);
    return switch (c.at("optimizer").asText()) {
      case "single" -> Map.of("default", List.of(sgd));
      case "two_groups" ->
          Map.of(
              "default",
              List.of(Map.of("lr", 0.02, "momentum", 0.8), Map.of("lr", 0.3, "momentum", 0.5)));
      case "adam" -> Map.of("default", List.of(Map.of("lr", 0.003, "beta1", 0.7)));
      case "adagrad" -> Map.of("default", List.of(Map.of("lr", 0.5)));
      case "dict" -> {
        Map<String, List<Map<String, Double>>> two = new LinkedHashMap<>();
        two.put("gen", List.of(sgd));
        two.put("dis", List.of(Map.of("lr", 0.2, "beta1", 0.5)));
        yield two;
      }
      case "none" -> Map.of();
      default -> throw new IllegalArgumentException("optimizer " + c.at("optimizer"));
    };
  }

  /** A runner of the case, with its optimizers, its counters at the start. */
  static <B> RunnerBuilder<B, ? extends Runner<B>> with(
      Case c, RunnerBuilder<B, ? extends Runner<B>> builder) {
    optimizers(c)
        .forEach((name, groups) -> builder.optimizer(name, new FakeOptimizer("SGD", groups)));
    return builder.startAt(RecordedRun.start(c, "epoch"), RecordedRun.start(c, "iter"));
  }

  static Workflow workflow(Case c) {
    List<Flow> flows = new ArrayList<>();
    for (JsonNode flow : c.at("workflow")) {
      flows.add(new Flow(new Mode(flow.get(0).asText()), flow.get(1).asInt()));
    }
    return Workflow.of(flows.toArray(Flow[]::new));
  }
}
