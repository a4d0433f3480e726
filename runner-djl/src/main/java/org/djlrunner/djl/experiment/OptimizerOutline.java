package org.djlrunner.djl.experiment;

import java.util.List;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * An optimizer's groups and options without its parameters, for schedules to write to.
 *
 * @param kind PyTorch's name of the optimizer's class
 * @param paramGroups as the optimizer itself would have them, in order
 */
public record OptimizerOutline(String kind, List<ParamGroup> paramGroups) implements Optimizer {
  /** Copies the list. */
  public OptimizerOutline {
    paramGroups = List.copyOf(paramGroups);
  }

  @Override
  public void zeroGrad() {
    throw noGradients();
  }

  @Override
  public void keepGrad() {
    throw noGradients();
  }

  @Override
  public Scalar scaleGrad(double factor) {
    throw noGradients();
  }

  @Override
  public void clipGradValue(double clipValue) {
    throw noGradients();
  }

  @Override
  public Scalar clipGradNorm(double maxNorm, double normType) {
    throw noGradients();
  }

  @Override
  public void step() {
    throw noGradients();
  }

  private static UnsupportedOperationException noGradients() {
    return new UnsupportedOperationException("an outline has options only, no gradients");
  }
}
