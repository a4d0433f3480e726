package org.djlrunner.hook;

import java.util.Map;
import java.util.function.Supplier;
import org.djlrunner.Mode;
import org.djlrunner.internal.Batches;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Evaluation;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/**
 * Loss and metrics of a model over a whole data set, in one pass, with or without a run around it.
 *
 * @param model the model
 * @param loader the data; its pass 0 is taken
 * @param metrics begins what gathers metrics that are no means of batches
 * @param <B> the batch
 */
public record EvaluationPass<B>(
    ModelStep<B> model, DataLoader<B> loader, Supplier<Evaluation> metrics) {
  /** A pass with the metrics that the model itself begins. */
  public EvaluationPass(ModelStep<B> model, DataLoader<B> loader) {
    this(model, loader, model::beginEvaluation);
  }

  /**
   * Goes over the data. The mode is a scope, and batches and outputs are closed, also when it
   * fails.
   *
   * @param step what validation steps are told of the run
   */
  public EvaluationResult run(StepContext step) {
    int batches = 0;
    try (Scope scope = model.enter(Mode.VAL);
        LogBuffer buffer = new LogBuffer(Integer.MAX_VALUE);
        Evaluation evaluation = metrics.get();
        DataPass<B> pass = loader.open(0)) {
      while (pass.hasNext()) {
        evaluate(pass.next(), step, buffer);
        batches++;
      }
      Map<String, Double> results = buffer.average();
      results.putAll(evaluation.compute());
      return new EvaluationResult(results, evaluation.details(), evaluation.table(), batches);
    }
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
