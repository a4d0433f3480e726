package org.djlrunner.djl.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.djl.DjlBatch;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/** Single steps of a model, without a runner around them. */
public final class Steps {
  /** A step at the very start of a run without limits. */
  public static final StepContext CONTEXT = new StepContext(Progress.START, Map.of());

  private Steps() {}

  /** Trains on a batch and closes it; returns the loss before the update. */
  public static <B extends DjlBatch> double train(
      DjlModelStep<B> model, Optimizer optimizer, B batch) {
    return train(model, optimizer, batch, 0);
  }

  /** The same as a certain iteration of a run, which decides what dropout draws. */
  public static <B extends DjlBatch> double train(
      DjlModelStep<B> model, Optimizer optimizer, B batch, int iter) {
    try (Scope mode = model.enter(Mode.TRAIN);
        DjlBatch closed = batch;
        StepOutput output = model.trainStep(batch, context(iter))) {
      optimizer.zeroGrad();
      output.loss().orElseThrow().backward();
      optimizer.step();
      return Objects.requireNonNull(read(output).get("loss"));
    }
  }

  private static StepContext context(int iter) {
    Progress start = Progress.START;
    return new StepContext(
        new Progress(0, iter, 0, start.passLength(), start.maxEpochs(), start.maxIters(), false),
        Map.of());
  }

  /** Evaluates a batch and closes it; returns its log variables. */
  public static <B extends DjlBatch> Map<String, Double> validate(DjlModelStep<B> model, B batch) {
    try (Scope mode = model.enter(Mode.VAL);
        DjlBatch closed = batch;
        StepOutput output = model.valStep(batch, CONTEXT)) {
      return read(output);
    }
  }

  /** The log variables of a step, read from the device. */
  public static Map<String, Double> read(StepOutput output) {
    Map<String, Double> values = new LinkedHashMap<>();
    output.logVars().forEach((name, scalar) -> values.put(name, read(scalar)));
    return values;
  }

  /** A number, read from the device if it is there. */
  public static double read(Scalar scalar) {
    return scalar.read();
  }
}
