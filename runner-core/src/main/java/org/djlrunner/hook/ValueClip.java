package org.djlrunner.hook;

import java.util.Optional;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;

/**
 * A bound on the magnitude of each gradient element; computes no norm, so none is logged.
 *
 * @param clipValue the bound, 0 or more
 */
public record ValueClip(double clipValue) implements Clipping {
  /** Rejects a negative bound. */
  public ValueClip {
    if (!(clipValue >= 0)) {
      throw new IllegalArgumentException(
          "grad_clip.clip_value must be 0 or more, got " + clipValue);
    }
  }

  @Override
  public Optional<Scalar> apply(Optimizer optimizer) {
    optimizer.clipGradValue(clipValue);
    return Optional.empty();
  }
}
