package org.djlrunner.hook;

import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.internal.Batches;
import org.djlrunner.log.LogRecord;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Evaluation;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/**
 * Evaluates the model at an interval: loss and metrics over a whole data set, in one pass.
 *
 * <p>Training is not touched: the mode is entered as a scope, the averages have a buffer of their
 * own, and no counter moves. Results go to the log at once and stay in {@link HookContext#metrics}
 * for checkpoints and for the run's result.
 *
 * @param <B> the batch
 */
public final class EvalHook<B> implements Hook {
  private final ModelStep<B> model;
  private final DataLoader<B> loader;
  private final Every interval;

  /**
   * An evaluation of {@code model} on {@code loader}.
   *
   * @param interval when; must be at least every 1 epoch or iteration
   */
  public EvalHook(ModelStep<B> model, DataLoader<B> loader, Every interval) {
    if (interval.count() < 1) {
      throw new IllegalArgumentException(
          "the evaluation's interval must be at least 1, got " + interval.count());
    }
    this.model = model;
    this.loader = loader;
    this.interval = interval;
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (interval.unit() == Every.Unit.ITER && interval.isDue(context.progress())) {
      evaluate(context);
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    if (interval.unit() == Every.Unit.EPOCH && interval.isDue(context.progress())) {
      evaluate(context);
    }
  }

  @Override
  public Priority priority() {
    return Priority.LOW;
  }

  private void evaluate(HookContext context) {
    Progress progress = context.progress();
    StepContext step = new StepContext(progress, context.optimizers());
    int batches = 0;
    Map<String, Double> results;
    try (Scope weights = context.evaluationWeights().enter();
        Scope scope = model.enter(Mode.VAL);
        LogBuffer buffer = new LogBuffer(Integer.MAX_VALUE);
        Evaluation evaluation = model.beginEvaluation();
        DataPass<B> pass = loader.open(0)) {
      while (pass.hasNext()) {
        evaluate(pass.next(), step, buffer);
        batches++;
      }
      results = buffer.average();
      results.putAll(evaluation.compute());
    }
    context.report(results);
    context
        .logs()
        .publish(
            new LogRecord(
                Mode.VAL,
                interval.unit(),
                progress.epoch() + 1,
                batches,
                progress,
                interval.unit() == Every.Unit.ITER ? progress.iter() + 1 : progress.iter(),
                context.learningRates(),
                context.momenta(),
                Map.of(),
                results,
                OptionalDouble.empty()));
  }

  private void evaluate(B batch, StepContext step, LogBuffer buffer) {
    try (StepOutput output = model.valStep(batch, step)) {
      buffer.nextStep();
      buffer.update(output.logVars(), output.numSamples());
    } finally {
      Batches.close(batch);
    }
  }
}
