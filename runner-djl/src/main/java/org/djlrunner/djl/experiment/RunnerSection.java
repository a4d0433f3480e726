package org.djlrunner.djl.experiment;

import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;

/**
 * The config's {@code runner}: what is counted, and how far.
 *
 * @param unit epochs or iterations; also what intervals count where they don't say
 * @param limit {@code max_epochs} or {@code max_iters}
 */
record RunnerSection(Every.Unit unit, int limit) {
  private static final Registry<RunnerSection> TYPES =
      new Registry<RunnerSection>("runner")
          .register("EpochBasedRunner", c -> limited(c, Every.Unit.EPOCH, "max_epochs"))
          .register("IterBasedRunner", c -> limited(c, Every.Unit.ITER, "max_iters"));

  static Optional<RunnerSection> read(ConfigReader runner) {
    return TYPES.build(runner);
  }

  private static RunnerSection limited(ConfigReader config, Every.Unit unit, String key) {
    int limit = config.integer(key);
    config.require(limit >= 1 || !config.has(key), key, "must be at least 1, got " + limit);
    return new RunnerSection(unit, limit);
  }
}
