package org.djlrunner.djl.experiment;

import java.nio.file.Path;
import java.util.Map;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;

/**
 * A training run described by a config: read first, all of it, then run.
 *
 * <pre>{@code
 * Config config = Config.load(Path.of("quickstart.yaml"));
 * RunResult result = Experiment.read(config).run(Path.of("work_dirs/quickstart"), "quickstart.yaml");
 * }</pre>
 */
public final class Experiment {
  private final Config config;
  private final ExperimentSpec spec;

  private Experiment(Config config, ExperimentSpec spec) {
    this.config = config;
    this.spec = spec;
  }

  /** Reads a config that names shipped components only. */
  public static Experiment read(Config config) {
    return read(config, Components.shipped());
  }

  /**
   * Reads a config.
   *
   * @param components what it can name
   * @throws ConfigException with every problem found; no data was touched
   */
  public static Experiment read(Config config, Components components) {
    ConfigErrors errors = new ConfigErrors();
    var spec = ExperimentSpec.read(config.reader(errors), components, errors);
    errors.throwIfAny();
    return new Experiment(config, spec.orElseThrow());
  }

  /**
   * Opens the data, builds model and runner, and trains to the end.
   *
   * @param workDir for logs, checkpoints and the config as it takes effect
   * @param configName the file name of the config there
   * @throws ConfigException if the data, the device or the folder doesn't fit the config
   * @throws org.djlrunner.djl.data.DataException if data is missing or broken
   */
  public RunResult run(Path workDir, String configName) {
    WorkDir.prepare(workDir, config, configName);
    try (Training training = Training.prepare(spec)) {
      Map<String, Object> described = config.toMap();
      return training.run(workDir, described);
    }
  }
}
