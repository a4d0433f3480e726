package org.djlrunner.hook;

import java.util.Optional;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;

/**
 * A bound on the norm of all gradients together.
 *
 * @param maxNorm the bound, 0 or more
 * @param normType 2 for the Euclidean norm, infinity for the largest magnitude
 */
public record GradClip(double maxNorm, double normType) implements Clipping {
  /** Rejects a negative bound and a norm that is none. */
  public GradClip {
    if (!(maxNorm >= 0)) {
      throw new IllegalArgumentException("grad_clip.max_norm must be 0 or more, got " + maxNorm);
    }
    if (!(normType > 0)) {
      throw new IllegalArgumentException("grad_clip.norm_type must be above 0, got " + normType);
    }
  }

  /** Clips the Euclidean norm. */
  public GradClip(double maxNorm) {
    this(maxNorm, 2);
  }

  @Override
  public Optional<Scalar> apply(Optimizer optimizer) {
    return Optional.of(optimizer.clipGradNorm(maxNorm, normType));
  }
}
