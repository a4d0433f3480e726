package org.djlrunner.djl.experiment;

import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.hook.DistSamplerSeedHook;
import org.djlrunner.hook.EmptyCacheHook;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.hook.SyncBuffersHook;

/** The hooks that a config can name in {@code custom_hooks}; docs/hooks.md lists their options. */
final class HookTypes {
  private HookTypes() {}

  /** All that the project ships. */
  static Registry<HookSpec> shipped() {
    return new Registry<HookSpec>("hook")
        .register("EMAHook", EmaHooks::linear)
        .register("LinearMomentumEMAHook", EmaHooks::linear)
        .register("ExpMomentumEMAHook", EmaHooks::exponential)
        .register("MomentumAnnealingEMAHook", EmaHooks::annealing)
        .register("StochasticWeightAverageHook", EmaHooks::mean)
        .register("EarlyStoppingHook", EarlyStoppingConfig::read)
        .register("CheckpointHook", CheckpointSection::custom)
        .register("IterTimerHook", config -> parts -> new IterTimerHook())
        .register("EmptyCacheHook", HookTypes::emptyCache)
        .register("ProfilerHook", ProfilerConfig::read)
        .register("DistSamplerSeedHook", config -> parts -> new DistSamplerSeedHook())
        .register("SyncBuffersHook", HookTypes::syncBuffers)
        .register("ClosureHook", HookTypes::closure);
  }

  private static HookSpec emptyCache(ConfigReader config) {
    boolean beforeEpoch = config.bool("before_epoch", false);
    boolean afterEpoch = config.bool("after_epoch", true);
    boolean afterIter = config.bool("after_iter", false);
    return parts -> {
      boolean gpu = parts.model().manager().getDevice().isGpu();
      return new EmptyCacheHook(
          beforeEpoch,
          afterEpoch,
          afterIter,
          gpu ? Optional.of(JniUtils::emptyCudaCache) : Optional.empty());
    };
  }

  private static HookSpec syncBuffers(ConfigReader config) {
    // There is one process whether it says so or not.
    config.bool("distributed", true);
    return parts -> new SyncBuffersHook();
  }

  /** MMCV's takes a function, which only Python can write into a config. */
  private static HookSpec closure(ConfigReader config) {
    config.node("fn");
    if (config.has("fn_name")) {
      try {
        Stage.named(config.string("fn_name"));
      } catch (IllegalArgumentException e) {
        config.error("fn_name", String.valueOf(e.getMessage()));
      }
    }
    config.error(
        "type",
        "a ClosureHook needs a function, which a config can't hold; in code it is"
            + " runner.registerHook(Hook.at(Stage.AFTER_TRAIN_ITER, context -> ...)), and a type of"
            + " your own is registered with components.hooks().register(...)");
    return parts -> {
      throw new IllegalStateException("the config was refused");
    };
  }
}
