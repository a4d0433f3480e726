package org.djlrunner.djl.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrPlan;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.schedule.Plateau;
import org.jspecify.annotations.Nullable;

/**
 * The config's {@code lr_config} and {@code momentum_config}: one policy for all optimizers, or one
 * each by name.
 *
 * @param lr the learning rates by optimizer, under "" for all; without those that are wrong, which
 *     is reported
 * @param momentum the momenta in the same way; empty if there are none
 */
record ScheduleSection(Map<String, LrPlan> lr, Map<String, MomentumSchedule> momentum) {
  /** Where all optimizers have one schedule. */
  static final String ALL = "";

  private static final String LR = "lr_config";
  private static final String POLICY = "policy";

  static ScheduleSection read(ConfigReader root, Every.Unit runnerUnit, Set<String> optimizers) {
    Map<String, LrPlan> lr = byOptimizer(root.section(LR), optimizers, s -> rate(s, runnerUnit));
    Map<String, MomentumSchedule> momentum =
        root.optionalSection("momentum_config")
            .map(c -> byOptimizer(c, optimizers, s -> MomentumConfig.read(s, runnerUnit)))
            .orElse(Map.of());
    return new ScheduleSection(lr, momentum);
  }

  private static <T> Map<String, T> byOptimizer(
      ConfigReader config, Set<String> optimizers, Function<ConfigReader, Optional<T>> reading) {
    Map<String, T> read = new LinkedHashMap<>();
    if (!NamedSections.isIn(config, POLICY)) {
      reading.apply(config).ifPresent(one -> read.put(ALL, one));
      return read;
    }
    for (String name : config.keys()) {
      if (!optimizers.contains(name)) {
        config.error(
            name,
            "there is no optimizer '"
                + name
                + "'"
                + NearNames.suggestion(name, optimizers)
                + "; the config has "
                + String.join(", ", optimizers));
      } else if (config.has(name)) {
        reading.apply(config.section(name)).ifPresent(one -> read.put(name, one));
      }
    }
    return read;
  }

  private static Optional<LrPlan> rate(ConfigReader config, Every.Unit runnerUnit) {
    Optional<LrPlan> plan = LrConfig.read(config, runnerUnit);
    config.require(
        config.path().equals(LR) || !(plan.orElse(null) instanceof Plateau),
        POLICY,
        "ReduceLROnPlateau lowers the rates of all optimizers together; make it the whole of "
            + LR
            + ", or take another policy here");
    return plan;
  }

  /** Reports a plateau that watches evaluations which never come. */
  void requireWatched(ConfigReader root, boolean evaluates, Optional<Workflow> workflow) {
    boolean validates =
        workflow.stream()
            .flatMap(w -> w.flows().stream())
            .anyMatch(flow -> flow.mode().equals(Mode.VAL) && flow.count() > 0);
    plateau()
        .filter(plateau -> !plateau.watchesTraining())
        .ifPresent(
            plateau ->
                root.require(
                    evaluates || validates,
                    LR,
                    "watches '"
                        + plateau.monitor()
                        + "' of evaluations, but there are none; add the section evaluation, or"
                        + " watch "
                        + Plateau.TRAIN
                        + plateau.monitor()));
  }

  /** What lowers the rates of all optimizers by what the run shows, if anything does. */
  Optional<Plateau> plateau() {
    return lr.get(ALL) instanceof Plateau plateau ? Optional.of(plateau) : Optional.empty();
  }

  /** The learning rates that are known before the run, by optimizer. */
  Map<String, LrSchedule> rates() {
    Map<String, LrSchedule> rates = new LinkedHashMap<>();
    lr.forEach(
        (name, plan) -> {
          if (plan instanceof LrSchedule schedule) {
            rates.put(name, schedule);
          }
        });
    return rates;
  }

  /** What the learning rates follow, for the first lines of a log. */
  String describe(Set<String> optimizers) {
    LrPlan all = lr.get(ALL);
    if (all != null) {
      return "Learning rate " + describe(all);
    }
    return optimizers.stream()
        .map(name -> "of " + name + " " + describe(lr.get(name)))
        .collect(Collectors.joining(", ", "Learning rate ", ""));
  }

  private static String describe(@Nullable LrPlan plan) {
    if (plan == null) {
      return "as it is";
    }
    return plan instanceof LrSchedule schedule ? "by " + schedule.unit().word() : "on a plateau";
  }

  /** What {@code by_epoch} says, or what the runner counts. */
  static Every.Unit unit(ConfigReader config, Every.Unit runnerUnit) {
    return config.bool("by_epoch", runnerUnit == Every.Unit.EPOCH)
        ? Every.Unit.EPOCH
        : Every.Unit.ITER;
  }
}
