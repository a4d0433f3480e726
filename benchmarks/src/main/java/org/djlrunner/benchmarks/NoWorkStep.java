package org.djlrunner.benchmarks;

import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Loss;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/** A model and its optimizer that compute nothing, so that only the loop is left to measure. */
final class NoWorkStep implements ModelStep<NoWorkBatch>, Optimizer {
  private static final Loss LOSS = scale -> {};
  private static final Scope NOTHING = () -> {};
  private static final Scalar VALUE = Scalar.of(1);
  private static final Map<String, Scalar> VALUES = Map.of("loss", VALUE, "accuracy", VALUE);

  private final List<ParamGroup> groups =
      List.of(new ParamGroup("all parameters", Map.of(ParamGroup.LR, 0.1)));

  @Override
  public StepOutput trainStep(NoWorkBatch batch, StepContext context) {
    return new StepOutput(LOSS, VALUES, 1, NOTHING);
  }

  @Override
  public StepOutput valStep(NoWorkBatch batch, StepContext context) {
    return new StepOutput(null, VALUES, 1, NOTHING);
  }

  @Override
  public Scope enter(Mode mode) {
    return NOTHING;
  }

  @Override
  public List<ParamGroup> paramGroups() {
    return groups;
  }

  @Override
  public void zeroGrad() {}

  @Override
  public void keepGrad() {}

  @Override
  public Scalar scaleGrad(double factor) {
    return VALUE;
  }

  @Override
  public void clipGradValue(double clipValue) {}

  @Override
  public Scalar clipGradNorm(double maxNorm, double normType) {
    return VALUE;
  }

  @Override
  public void step() {}
}
