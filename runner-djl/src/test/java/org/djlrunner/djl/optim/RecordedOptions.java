package org.djlrunner.djl.optim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.spi.ParamGroup;

/** Builds optimizers from PyTorch's names, which the recorded cases use. */
final class RecordedOptions {
  private RecordedOptions() {}

  /** An optimizer by the name of PyTorch's class. */
  static ArenaOptimizer optimizer(
      String kind, JsonNode defaults, DjlModelStep<?> model, List<GroupSpec> groups) {
    return optimizer(kind, of(defaults), model, groups);
  }

  /** The same from options that differ from PyTorch's defaults. */
  static ArenaOptimizer optimizer(
      String kind, Map<String, Double> given, DjlModelStep<?> model, List<GroupSpec> groups) {
    var arena = model.arena();
    var scalars = model.scalars();
    return switch (kind) {
      case "SGD" -> {
        // PyTorch 1.13 has no default rate here.
        Map<String, Double> defaults = SgdOptions.lr(0).values();
        defaults.remove(ParamGroup.LR);
        yield new Sgd(arena, SgdOptions.of(merged(defaults, given)), groups, scalars);
      }
      case "Adam" ->
          new Adam(
              arena,
              AdamOptions.of(merged(AdamOptions.adam(0.001).values(), given)),
              groups,
              scalars);
      case "AdamW" ->
          new Adam(
              arena,
              AdamOptions.of(merged(AdamOptions.adamW(0.001).values(), given)),
              groups,
              scalars);
      case "RMSprop" ->
          new RmsProp(
              arena,
              RmsPropOptions.of(merged(RmsPropOptions.lr(0.01).values(), given)),
              groups,
              scalars);
      case "Adagrad" ->
          new Adagrad(
              arena,
              AdagradOptions.of(merged(AdagradOptions.lr(0.01).values(), given)),
              groups,
              scalars);
      case "Adadelta" ->
          new Adadelta(
              arena,
              AdadeltaOptions.of(merged(AdadeltaOptions.lr(1).values(), given)),
              groups,
              scalars);
      case "Adamax" ->
          new Adamax(
              arena,
              AdamaxOptions.of(merged(AdamaxOptions.lr(0.002).values(), given)),
              groups,
              scalars);
      default -> throw new AssertionError("unknown optimizer " + kind);
    };
  }

  /** Options as groups hold them. */
  static Map<String, Double> of(JsonNode node) {
    Map<String, Double> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      if (entry.getKey().equals("betas")) {
        options.put("beta1", value.path(0).asDouble());
        options.put("beta2", value.path(1).asDouble());
      } else {
        double number = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble();
        options.put(entry.getKey(), number);
      }
    }
    return options;
  }

  private static Map<String, Double> merged(
      Map<String, Double> defaults, Map<String, Double> given) {
    defaults.putAll(given);
    return defaults;
  }
}
