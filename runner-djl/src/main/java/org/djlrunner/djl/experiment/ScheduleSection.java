package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.schedule.LrPolicy;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Warmup;
import org.jspecify.annotations.Nullable;

/** Reads the config's {@code lr_config}. */
final class ScheduleSection {
  private static final List<String> POLICIES = List.of("fixed", "step");

  private ScheduleSection() {}

  /** The schedule; empty if it is wrong, which is reported. */
  static Optional<LrSchedule> read(ConfigReader config, Every.Unit runnerUnit) {
    Every.Unit unit = unit(config, runnerUnit);
    Optional<LrPolicy> policy = policy(config);
    Optional<Warmup> warmup = warmup(config);
    if (policy.isPresent()) {
      config.finish(); // Without a policy nobody knows which keys it would have had.
    }
    return policy.map(p -> new LrSchedule(p, unit, warmup.orElse(null)));
  }

  /** What {@code by_epoch} says, or what the runner counts. */
  static Every.Unit unit(ConfigReader config, Every.Unit runnerUnit) {
    return config.bool("by_epoch", runnerUnit == Every.Unit.EPOCH)
        ? Every.Unit.EPOCH
        : Every.Unit.ITER;
  }

  private static Optional<LrPolicy> policy(ConfigReader config) {
    String name = config.string("policy");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "fixed" -> Optional.of(new LrPolicy.Fixed());
      case "step" -> step(config);
      default -> {
        config.require(
            !config.has("policy"),
            "policy",
            "unknown policy '" + name + "'; known policies: " + String.join(", ", POLICIES));
        yield Optional.empty();
      }
    };
  }

  private static Optional<LrPolicy> step(ConfigReader config) {
    boolean periodic = config.has("step") && !config.isSequence("step");
    List<Integer> steps =
        periodic ? List.of(config.integer("step")) : config.integers("step", List.of());
    double gamma = config.number("gamma", 0.1);
    OptionalDouble minLr = config.optionalNumber("min_lr");
    config.require(
        config.has("step"), "step", "missing; expected a list of epochs, or a period such as 30");
    @Nullable Double floor = minLr.isPresent() ? minLr.getAsDouble() : null;
    try {
      return Optional.of(new LrPolicy.Step(steps, periodic, gamma, floor));
    } catch (IllegalArgumentException e) {
      config.error("step", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Warmup> warmup(ConfigReader config) {
    boolean byEpoch = config.bool("warmup_by_epoch", false);
    double ratio = config.number("warmup_ratio", 0.1);
    int length = config.integer("warmup_iters", 0);
    if (!config.has("warmup")) {
      return Optional.empty();
    }
    Warmup.Kind kind = config.choice("warmup", Warmup.Kind.class, Warmup.Kind.LINEAR);
    try {
      return Optional.of(
          new Warmup(kind, length, byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER, ratio));
    } catch (IllegalArgumentException e) {
      config.error("warmup", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
