package org.djlrunner.hook;

import org.djlrunner.spi.WeightAverage;

/**
 * Averages the weights over the iterations; evaluation and saved checkpoints use the average.
 *
 * <p>It runs behind the optimizer hook, in both runners, and ignores iterations whose update was
 * skipped. Training never sees the average: {@link EvaluationWeights} swaps it in for as long as an
 * evaluation or a save takes.
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
    context.evaluationWeights().use(average);
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
}
