package org.djlrunner;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.internal.EpochLoop;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;

/**
 * A runner whose workflow counts epochs: {@code [(train, 2), (val, 1)]} trains two passes over its
 * data, then validates one, until {@code max_epochs} training passes are done.
 *
 * <p>When the limit comes within a train flow, the round's later flows still run once.
 *
 * @param <B> the batch
 */
public final class EpochBasedRunner<B> extends Runner<B> {
  private final int maxEpochs;

  private EpochBasedRunner(ModelStep<B> model, RunSettings settings, int maxEpochs) {
    super(model, settings);
    this.maxEpochs = maxEpochs;
  }

  /**
   * Starts building a runner.
   *
   * @param model the model's steps
   * @param maxEpochs training epochs after which the run ends, at least 1
   */
  public static <B> RunnerBuilder<B, EpochBasedRunner<B>> builder(
      ModelStep<B> model, int maxEpochs) {
    if (maxEpochs < 1) {
      throw new IllegalArgumentException("max_epochs must be at least 1, got " + maxEpochs);
    }
    return RunnerBuilder.of(
        model, (step, settings) -> new EpochBasedRunner<>(step, settings, maxEpochs));
  }

  @Override
  protected OptionalInt maxEpochs() {
    return OptionalInt.of(maxEpochs);
  }

  @Override
  protected OptionalInt maxIters(List<DataLoader<B>> loaders, Workflow workflow) {
    return EpochLoop.plannedIters(workflow, loaders, maxEpochs, start());
  }

  /** Not where a run by iterations stood. */
  @Override
  protected boolean walksFrom(WorkflowPosition position) {
    return position.loaders().isEmpty();
  }

  @Override
  protected void walk(Walk<B> walk) {
    new EpochLoop<>(walk, maxEpochs).run();
  }
}
