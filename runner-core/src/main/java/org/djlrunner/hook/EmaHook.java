package org.djlrunner.hook;

import org.djlrunner.spi.WeightAverage;

/**
 * Averages the weights over the iterations; evaluation and saved checkpoints use the average.
 *
 * <p>It counts iterations, in both runners, and leaves out those whose update was skipped. Training
 * never sees the average: {@link EvaluationWeights} swaps it in for as long as an evaluation or a
 * save takes. After the run the model holds the weights in training.
 */
public final class EmaHook implements Hook {
  /** Behind the optimizer, before all that looks at weights. */
  private static final Priority AFTER_OPTIMIZER = new Priority(45);

  private final WeightAverage average;
  private final EmaMomentum momentum;
  private final int interval;

  /**
   * A hook that keeps an average.
   *
   * @param interval iterations from one update to the next, at least 1; the first iteration updates
   */
  public EmaHook(WeightAverage average, EmaMomentum momentum, int interval) {
    if (interval < 1) {
      throw new IllegalArgumentException("interval must be at least 1, got " + interval);
    }
    this.average = average;
    this.momentum = momentum;
    this.interval = interval;
  }

  /** How fast the average follows. */
  public EmaMomentum momentum() {
    return momentum;
  }

  /** Iterations from one update to the next. */
  public int interval() {
    return interval;
  }

  @Override
  public void beforeRun(HookContext context) {
    requireBehindOptimizer(context);
    context.evaluationWeights().use(average);
    // A run that goes on from a checkpoint goes on with the average it was given.
    if (context.progress().iter() == 0) {
      average.begin();
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    int iter = context.progress().iter();
    if (iter % interval == 0 && !context.stepSkipped()) {
      average.update(momentum.rate(iter, interval));
    }
  }

  @Override
  public Priority priority() {
    return AFTER_OPTIMIZER;
  }

  /** In front of the optimizer the average would always lack the newest update. */
  private void requireBehindOptimizer(HookContext context) {
    boolean passed = false;
    for (Hook hook : context.hooks()) {
      passed |= hook == this;
      if (passed && hook instanceof OptimizerHook) {
        throw new IllegalStateException(
            "EmaHook at priority "
                + context.hooks().priorityOf(this)
                + " would run before OptimizerHook at "
                + context.hooks().priorityOf(hook)
                + "; give it a larger number, or none for its own of "
                + AFTER_OPTIMIZER);
      }
    }
  }
}
