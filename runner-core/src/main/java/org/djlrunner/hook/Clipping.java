package org.djlrunner.hook;

import java.util.Optional;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;

/** A bound on gradients, applied before a step: on their norm, or on each element. */
public sealed interface Clipping permits GradClip, ValueClip {
  /**
   * Clips the gradients of one optimizer in place.
   *
   * @return the norm before clipping, where one was computed; it may still live on the device
   */
  Optional<Scalar> apply(Optimizer optimizer);
}
