package org.djlrunner.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code lr_config}: MMCV's policies and options, and beside them {@code Sequential} and
 * {@code ReduceLROnPlateau}.
 */
public final class LrConfig {
  private static final String PLATEAU = "ReduceLROnPlateau";
  private static final String SEQUENTIAL = "Sequential";
  private static final List<String> PARTS =
      List.of(
          "Fixed",
          "Step",
          "Exp",
          "Poly",
          "Inv",
          "CosineAnnealing",
          "FlatCosineAnnealing",
          "CosineRestart",
          "LinearAnnealing",
          "Cyclic",
          "OneCycle");
  private static final List<String> POLICIES =
      Stream.concat(PARTS.stream(), Stream.of(SEQUENTIAL, PLATEAU)).toList();

  private final ConfigReader config;
  private final PolicyOptions options;

  private LrConfig(ConfigReader config) {
    this.config = config;
    this.options = new PolicyOptions(config);
  }

  /**
   * What the section asks for; empty if it is wrong, which is reported.
   *
   * @param runnerUnit what is counted where {@code by_epoch} is absent
   */
  public static Optional<LrPlan> read(ConfigReader config, Every.Unit runnerUnit) {
    LrConfig section = new LrConfig(config);
    Optional<String> name = section.options.policy(POLICIES);
    if (name.isEmpty()) {
      return Optional.empty(); // Without a policy nobody knows which keys it would have had.
    }
    Optional<LrPlan> plan =
        name.get().equals(PLATEAU)
            ? section.plateau(section.warmup()).map(read -> read)
            : section.schedule(name.get(), runnerUnit).map(read -> read);
    config.finish();
    return plan;
  }

  private Optional<LrSchedule> schedule(String name, Every.Unit runnerUnit) {
    @Nullable Warmup warmup = warmup();
    Optional<LrPolicy> policy = policy(name);
    boolean countsIters = policy.map(LrConfig::countsIters).orElse(false);
    Every.Unit unit =
        name.equals(SEQUENTIAL)
            ? sequenceUnit(countsIters, runnerUnit)
            : options.unit(name, countsIters, runnerUnit);
    return policy.map(read -> new LrSchedule(read, unit, warmup));
  }

  /** Parts don't choose: a sequence counts epochs or iterations as a whole. */
  private Every.Unit sequenceUnit(boolean countsIters, Every.Unit runnerUnit) {
    boolean byEpoch = config.bool("by_epoch", runnerUnit == Every.Unit.EPOCH);
    config.require(
        !(countsIters && byEpoch),
        "by_epoch",
        "must be false, since Cyclic and OneCycle count iterations");
    return byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER;
  }

  private @Nullable Warmup warmup() {
    return options.warmup(0.1, config.bool("warmup_by_epoch", false));
  }

  private Optional<LrPolicy> policy(String name) {
    return switch (name) {
      case "Fixed" -> Optional.of(new Fixed());
      case "Step" -> options.step(0.1, "min_lr").map(read -> read);
      case "Exp" -> Optional.of(new Exp(config.number("gamma")));
      case "Poly" -> Optional.of(new Poly(config.number("power", 1), config.number("min_lr", 0)));
      case "Inv" -> Optional.of(new Inv(config.number("gamma"), config.number("power", 1)));
      case "CosineAnnealing" -> Optional.of(new CosineAnnealing(options.target("min_lr")));
      case "LinearAnnealing" -> Optional.of(new LinearAnnealing(options.target("min_lr")));
      case "FlatCosineAnnealing" -> flatCosine();
      case "CosineRestart" -> cosineRestart();
      case "Cyclic" -> cyclic();
      case "OneCycle" -> oneCycle();
      default -> sequential();
    };
  }

  private Optional<LrPolicy> flatCosine() {
    int before = config.problems();
    double start = options.share("start_percent", 0.75);
    Target target = options.target("min_lr");
    return options.built(before, () -> new FlatCosineAnnealing(start, target));
  }

  private Optional<LrPolicy> cosineRestart() {
    int before = config.problems();
    List<Integer> periods = config.integers("periods", List.of());
    List<Double> weights = config.numbers("restart_weights", List.of(1.0));
    Target target = options.target("min_lr");
    if (!config.has("periods")) {
      config.error("periods", "missing; expected a list of whole numbers");
      return Optional.empty();
    }
    return options.built(before, () -> new CosineRestart(periods, weights, target));
  }

  private Optional<LrPolicy> cyclic() {
    double gamma = config.number("gamma", 1);
    config.require(gamma > 0 && gamma <= 1, "gamma", "must be above 0 and at most 1, got " + gamma);
    return options.cyclic(List.of(10.0, 1e-4), gamma).map(read -> read);
  }

  private Optional<LrPolicy> oneCycle() {
    int before = config.problems();
    PerGroup maxLr = options.perGroup("max_lr", 0);
    OptionalInt totalSteps = config.optionalInteger("total_steps");
    double pctStart = options.share("pct_start", 0.3);
    Annealing annealing = options.annealing();
    double div = config.number("div_factor", 25);
    double finalDiv = config.number("final_div_factor", 1e4);
    boolean threePhase = config.bool("three_phase", false);
    config.require(
        config.has("max_lr"), "max_lr", "missing; expected the peak, or a list with one a group");
    return options.built(
        before,
        () -> new OneCycle(maxLr, totalSteps, pctStart, annealing, div, finalDiv, threePhase));
  }

  private Optional<LrPolicy> sequential() {
    List<LrPolicy> parts = new ArrayList<>();
    List<ConfigReader> sections = config.sections("schedules");
    for (ConfigReader section : sections) {
      LrConfig part = new LrConfig(section);
      Optional<String> name = part.options.policy(PARTS);
      name.flatMap(part::policy).ifPresent(parts::add);
      if (name.isPresent()) {
        section.finish();
      }
    }
    int before = config.problems();
    List<Integer> milestones = config.integers("milestones", List.of());
    config.require(
        !sections.isEmpty(),
        "schedules",
        "missing; expected a list of mappings with a policy each");
    // A part that is wrong was reported, and would leave the others with too many milestones.
    return parts.size() < sections.size() || parts.isEmpty()
        ? Optional.empty()
        : options.built(before, () -> new Sequential(parts, milestones));
  }

  private Optional<Plateau> plateau(@Nullable Warmup warmup) {
    int before = config.problems();
    String monitor = config.string("monitor", "loss");
    Plateau.Mode mode = config.choice("mode", Plateau.Mode.class, Plateau.Mode.MIN);
    double factor = config.number("factor", 0.1);
    int patience = config.integer("patience", 10);
    double threshold = config.number("threshold", 1e-4);
    Plateau.ThresholdMode thresholdMode =
        config.choice("threshold_mode", Plateau.ThresholdMode.class, Plateau.ThresholdMode.REL);
    int cooldown = config.integer("cooldown", 0);
    PerGroup minLr = options.perGroup("min_lr", 0);
    double eps = config.number("eps", 1e-8);
    int interval = config.integer("interval", 0);
    return options.built(
        before,
        () ->
            new Plateau(
                monitor,
                mode,
                factor,
                patience,
                threshold,
                thresholdMode,
                cooldown,
                minLr,
                eps,
                warmup,
                interval));
  }

  private static boolean countsIters(LrPolicy policy) {
    return policy instanceof Cyclic
        || policy instanceof OneCycle
        || (policy instanceof Sequential sequence
            && sequence.parts().stream().anyMatch(LrConfig::countsIters));
  }
}
