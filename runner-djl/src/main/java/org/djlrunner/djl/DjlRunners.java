package org.djlrunner.djl;

import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.build.RunnerSpec;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.spi.Optimizer;

/** Runners for DJL models, with all that DJL needs filled in. */
public final class DjlRunners {
  private DjlRunners() {}

  /**
   * An epoch-based runner that saves checkpoints as safetensors.
   *
   * @param maxEpochs training epochs after which the run ends, at least 1
   */
  public static <B extends DjlBatch> RunnerBuilder<B, EpochBasedRunner<B>> epochBased(
      DjlModelStep<B> model, Optimizer optimizer, int maxEpochs) {
    return EpochBasedRunner.builder(model, maxEpochs)
        .optimizer(optimizer)
        .snapshots(new ModelSnapshots(model))
        .memoryGauge(new DeviceMemory(model.manager().getDevice()))
        .checkpointCodec(new DjlCheckpointCodec(model));
  }

  /**
   * An iteration-based runner that saves checkpoints as safetensors.
   *
   * @param maxIters training iterations after which the run ends, at least 1
   */
  public static <B extends DjlBatch> RunnerBuilder<B, IterBasedRunner<B>> iterBased(
      DjlModelStep<B> model, Optimizer optimizer, int maxIters) {
    return IterBasedRunner.builder(model, maxIters)
        .optimizer(optimizer)
        .snapshots(new ModelSnapshots(model))
        .memoryGauge(new DeviceMemory(model.manager().getDevice()))
        .checkpointCodec(new DjlCheckpointCodec(model));
  }

  /**
   * A runner that a config describes, and that saves checkpoints as safetensors.
   *
   * @param optimizers by the names that logs, schedules and checkpoints use
   */
  public static <B extends DjlBatch> RunnerBuilder<B, ? extends Runner<B>> of(
      RunnerSpec runner, DjlModelStep<B> model, Map<String, Optimizer> optimizers) {
    RunnerBuilder<B, ? extends Runner<B>> builder = runner.builder(model);
    optimizers.forEach(builder::optimizer);
    return builder
        .snapshots(new ModelSnapshots(model))
        .memoryGauge(new DeviceMemory(model.manager().getDevice()))
        .checkpointCodec(new DjlCheckpointCodec(model));
  }
}
