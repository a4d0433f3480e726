package org.djlrunner.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.jspecify.annotations.Nullable;

/**
 * The options that {@code lr_config} and {@code momentum_config} share, under MMCV's names.
 *
 * <p>Wrong values are reported, never thrown; the messages of our own types begin with the option
 * that they are about.
 */
final class PolicyOptions {
  private final ConfigReader config;

  PolicyOptions(ConfigReader config) {
    this.config = config;
  }

  /**
   * The policy's name with a capital; empty if it is unknown, which is reported.
   *
   * <p>As in MMCV a name in small letters stands for the one that begins with a capital.
   */
  Optional<String> policy(List<String> known) {
    String name = config.string("policy");
    if (!config.has("policy")) {
      return Optional.empty();
    }
    boolean small = name.equals(name.toLowerCase(Locale.ROOT)) && !name.isEmpty();
    String wanted =
        small ? name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) : name;
    if (known.contains(wanted)) {
      return Optional.of(wanted);
    }
    config.error("policy", "unknown policy '" + name + "'" + NearNames.hint(name, known));
    return Optional.empty();
  }

  /** What {@code by_epoch} says; what the runner counts unless the policy can only count one. */
  Every.Unit unit(String policy, boolean countsIters, Every.Unit runnerUnit) {
    boolean byEpoch = config.bool("by_epoch", !countsIters && runnerUnit == Every.Unit.EPOCH);
    config.require(
        !(countsIters && byEpoch), "by_epoch", policy + " counts iterations; leave it out");
    return byEpoch && !countsIters ? Every.Unit.EPOCH : Every.Unit.ITER;
  }

  @Nullable Warmup warmup(double defaultRatio, boolean byEpoch) {
    Warmup.Kind kind = oneOf("warmup", Warmup.Kind.values());
    int before = config.problems();
    double ratio = config.number("warmup_ratio", defaultRatio);
    int length = config.integer("warmup_iters", 0);
    if (!config.has("warmup")) {
      return null;
    }
    Every.Unit unit = byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER;
    return built(before, () -> new Warmup(kind, length, unit, ratio)).orElse(null);
  }

  Optional<Step> step(double defaultGamma, String leastKey) {
    int before = config.problems();
    boolean periodic = config.has("step") && !config.isSequence("step");
    List<Integer> steps =
        periodic ? List.of(config.integer("step")) : config.integers("step", List.of());
    double gamma = config.number("gamma", defaultGamma);
    OptionalDouble least = config.optionalNumber(leastKey);
    config.require(
        config.has("step"), "step", "missing; expected a list of epochs, or a period such as 30");
    @Nullable Double floor = least.isPresent() ? least.getAsDouble() : null;
    return built(before, () -> new Step(steps, periodic, gamma, floor));
  }

  /** Exactly one of {@code key} and {@code key_ratio}. */
  Target target(String key) {
    String ratioKey = key + "_ratio";
    OptionalDouble value = config.optionalNumber(key);
    OptionalDouble ratio = config.optionalNumber(ratioKey);
    boolean both = config.has(key) && config.has(ratioKey);
    config.require(!both, ratioKey, "given beside " + key + "; leave out one of them");
    config.require(
        config.has(key) || config.has(ratioKey),
        key,
        "missing; expected " + key + " or " + ratioKey);
    return ratio.isPresent() ? Target.ratio(ratio.getAsDouble()) : Target.value(value.orElse(0));
  }

  Optional<Cyclic> cyclic(List<Double> defaultRatios, double gamma) {
    int before = config.problems();
    List<Double> ratios = ratios(defaultRatios);
    int times = config.integer("cyclic_times", 1);
    double up = config.number("step_ratio_up", 0.4);
    Annealing annealing = annealing();
    return built(
        before, () -> new Cyclic(ratios.get(0), ratios.get(1), times, up, annealing, gamma));
  }

  Annealing annealing() {
    return oneOf("anneal_strategy", Annealing.values());
  }

  /** A share of the run. Whole numbers are refused, since 1 might be meant as a percentage. */
  double share(String key, double fallback) {
    return isWhole(key)
        ? refused(key, "expected a share of the run from 0.0 to 1.0, with a fraction", fallback)
        : config.number(key, fallback);
  }

  /** A number, a list with one for each group, or a mapping of optimizers to such lists. */
  PerGroup perGroup(String key, double fallback) {
    if (config.isSequence(key)) {
      return new PerGroup.Each(config.numbers(key, List.of()));
    }
    if (config.node(key).orElse(null) instanceof ConfigNode.Mapping) {
      ConfigReader section = config.section(key);
      Map<String, List<Double>> byName = new LinkedHashMap<>();
      section.keys().forEach(name -> byName.put(name, section.numbers(name, List.of())));
      return new PerGroup.Named(byName);
    }
    return new PerGroup.Same(config.number(key, fallback));
  }

  /** The same for a momentum, which no whole number is. */
  PerGroup momenta(String key, double fallback) {
    return isWhole(key)
        ? new PerGroup.Same(refused(key, "expected a momentum between 0.0 and 1.0", fallback))
        : perGroup(key, fallback);
  }

  /**
   * What a constructor makes of options; empty if it refuses them, which is reported.
   *
   * @param before the config's problems before its options were read: if there are more by now, it
   *     refused what stands in for a wrong value, and that was reported
   */
  <T> Optional<T> built(int before, Supplier<T> constructor) {
    try {
      return Optional.of(constructor.get());
    } catch (IllegalArgumentException e) {
      if (config.problems() == before) {
        String message = String.valueOf(e.getMessage());
        String option = message.substring(0, Math.max(0, message.indexOf(' ')));
        config.error(config.keys().contains(option) ? option : "", message);
      }
      return Optional.empty();
    }
  }

  /** High and low; a single number r stands for {@code [r, r / 1e5]}. */
  private List<Double> ratios(List<Double> fallback) {
    String form = "expected a pair of numbers such as [10, 1e-4], or one with a fraction";
    if (!config.has("target_ratio")) {
      return fallback;
    }
    if (config.isSequence("target_ratio")) {
      List<Double> ratios = config.numbers("target_ratio", fallback);
      return switch (ratios.size()) {
        case 1 -> List.of(ratios.get(0), ratios.get(0) / 1e5);
        case 2 -> ratios;
        default -> {
          config.error("target_ratio", form + ", got " + ratios.size());
          yield fallback;
        }
      };
    }
    double high =
        isWhole("target_ratio")
            ? refused("target_ratio", form, fallback.get(0))
            : config.number("target_ratio");
    return List.of(high, high / 1e5);
  }

  /** The constant of that name in small letters, as MMCV has it; the first if it is absent. */
  private <E extends Enum<E>> E oneOf(String key, E[] constants) {
    Map<String, E> known = new LinkedHashMap<>();
    for (E constant : constants) {
      known.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    if (!config.has(key)) {
      return constants[0];
    }
    String name = config.string(key);
    E chosen = known.get(name);
    if (chosen == null && config.node(key).orElse(null) instanceof ConfigNode.Value value) {
      config.require(
          !(value.value() instanceof String),
          key,
          "expected one of "
              + String.join(", ", known.keySet())
              + ", got '"
              + name
              + "'"
              + NearNames.suggestion(name, known.keySet()));
    }
    return chosen == null ? constants[0] : chosen;
  }

  private boolean isWhole(String key) {
    return config.node(key).orElse(null) instanceof ConfigNode.Value value
        && value.value() instanceof Long;
  }

  private double refused(String key, String expected, double fallback) {
    config.error(key, expected + ", got the whole number " + config.longInteger(key, 0));
    return fallback;
  }
}
