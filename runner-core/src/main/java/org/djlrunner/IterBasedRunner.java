package org.djlrunner;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.internal.IterLoop;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;

/**
 * A runner whose workflow counts iterations: {@code [(train, 500), (val, 50)]} takes 500 training
 * batches, then 50 for validation, until {@code max_iters} training iterations are done.
 *
 * <p>Loaders repeat without end. The epoch stages of training fire where the first train flow's
 * data begins and ends a pass, so hooks that count epochs work here too; a pass that the limit cuts
 * short ends with {@code after_train_epoch} but completes no epoch. {@code epoch} counts finished
 * passes and {@code inner_iter} is the batch's index within its pass.
 *
 * @param <B> the batch
 */
public final class IterBasedRunner<B> extends Runner<B> {
  private final int maxIters;

  private IterBasedRunner(ModelStep<B> model, RunSettings settings, int maxIters) {
    super(model, settings);
    this.maxIters = maxIters;
  }

  /**
   * Starts building a runner.
   *
   * @param model the model's steps
   * @param maxIters training iterations after which the run ends, at least 1
   */
  public static <B> RunnerBuilder<B, IterBasedRunner<B>> builder(ModelStep<B> model, int maxIters) {
    if (maxIters < 1) {
      throw new IllegalArgumentException("max_iters must be at least 1, got " + maxIters);
    }
    return RunnerBuilder.of(
        model, (step, settings) -> new IterBasedRunner<>(step, settings, maxIters));
  }

  @Override
  protected OptionalInt maxIters(List<DataLoader<B>> loaders, Workflow workflow) {
    return OptionalInt.of(maxIters);
  }

  /** Not where a run by epochs stood. */
  @Override
  protected boolean walksFrom(WorkflowPosition position) {
    return !position.loaders().isEmpty() || position.equals(WorkflowPosition.START);
  }

  @Override
  protected void walk(Walk<B> walk) {
    new IterLoop<>(walk, maxIters).run();
  }
}
