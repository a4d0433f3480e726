package org.djlrunner.djl;

import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.precision.Precision;

/**
 * How a model's steps are computed.
 *
 * @param precision the type of matrix products and convolutions
 * @param compile whether the network runs as one native call
 */
public record StepOptions(Precision precision, Compile compile) {
  /** float32, compiled where the network can be. */
  public static StepOptions defaults() {
    return new StepOptions(Precision.FP32, Compile.AUTO);
  }

  /** The same in another precision. */
  public StepOptions with(Precision precision) {
    return new StepOptions(precision, compile);
  }

  /** The same, compiled or not. */
  public StepOptions with(Compile compile) {
    return new StepOptions(precision, compile);
  }
}
