package org.djlrunner.djl;

import java.util.Locale;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.precision.Precision;

/**
 * How a model's steps are computed.
 *
 * @param precision the type of matrix products and convolutions
 * @param compile whether the network runs as one native call
 */
public record StepOptions(Precision precision, Compile compile) {
  /** Rejects a low precision without compilation: DJL's blocks know float32 only. */
  public StepOptions {
    boolean low = precision == Precision.FP16 || precision == Precision.BF16;
    if (low && compile == Compile.NEVER) {
      throw new IllegalArgumentException(
          "precision "
              + precision.name().toLowerCase(Locale.ROOT)
              + " needs a compiled step; let compile be auto, or use fp32");
    }
  }

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
