package org.djlrunner.schedule;

import java.util.List;
import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.jspecify.annotations.Nullable;

/** Reads {@code momentum_config}: MMCV's policies and options. */
public final class MomentumConfig {
  private static final List<String> POLICIES =
      List.of("Step", "CosineAnnealing", "LinearAnnealing", "Cyclic", "OneCycle");

  private MomentumConfig() {}

  /**
   * The schedule; empty if it is wrong, which is reported.
   *
   * @param runnerUnit what is counted where {@code by_epoch} is absent
   */
  public static Optional<MomentumSchedule> read(ConfigReader config, Every.Unit runnerUnit) {
    PolicyOptions options = new PolicyOptions(config);
    Optional<String> name = options.policy(POLICIES);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    boolean countsIters = name.get().equals("Cyclic") || name.get().equals("OneCycle");
    Every.Unit unit = options.unit(name.get(), countsIters, runnerUnit);
    @Nullable Warmup warmup = options.warmup(0.9, false);
    Optional<MomentumPolicy> policy = policy(name.get(), config, options);
    config.finish();
    return policy.map(read -> new MomentumSchedule(read, unit, warmup));
  }

  private static Optional<MomentumPolicy> policy(
      String name, ConfigReader config, PolicyOptions options) {
    return switch (name) {
      case "Step" -> options.step(0.5, "min_momentum").map(read -> read);
      case "CosineAnnealing" -> Optional.of(new CosineAnnealing(options.target("min_momentum")));
      case "LinearAnnealing" -> Optional.of(new LinearAnnealing(options.target("min_momentum")));
      case "Cyclic" ->
          options.cyclic(List.of(0.85 / 0.95, 1.0), config.number("gamma", 1)).map(read -> read);
      default -> oneCycle(config, options);
    };
  }

  private static Optional<MomentumPolicy> oneCycle(ConfigReader config, PolicyOptions options) {
    int before = config.problems();
    PerGroup base = options.momenta("base_momentum", 0.85);
    PerGroup max = options.momenta("max_momentum", 0.95);
    double pctStart = options.share("pct_start", 0.3);
    Annealing annealing = options.annealing();
    boolean threePhase = config.bool("three_phase", false);
    return options.built(
        before, () -> new OneCycleMomentum(base, max, pctStart, annealing, threePhase));
  }
}
