package org.djlrunner.djl.experiment;

import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.CheckpointConfig;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.CheckpointSettings;

/** The config's {@code checkpoint_config}, and checkpoint hooks among the custom ones. */
final class CheckpointSection {
  private CheckpointSection() {}

  /** {@code checkpoint_config}; it counts what the runner counts unless it says otherwise. */
  static CheckpointHook read(ConfigReader config, Every.Unit runnerUnit) {
    return new CheckpointHook(CheckpointConfig.read(config, runnerUnit));
  }

  /** A further checkpoint hook among the custom ones; it counts epochs unless it says otherwise. */
  static HookSpec custom(ConfigReader config) {
    CheckpointSettings settings = CheckpointConfig.read(config, Every.Unit.EPOCH);
    return parts -> new CheckpointHook(settings);
  }
}
