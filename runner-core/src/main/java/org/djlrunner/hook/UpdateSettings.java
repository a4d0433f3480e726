package org.djlrunner.hook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link OptimizerHook} does besides backward and step.
 *
 * @param clipOrNull the bound on gradients, null for none
 * @param cumulativeIters iterations that share one update, 1 or more
 * @param scalingOrNull the scaling of the loss for half precision, null for none
 * @param nonFinite what to do about losses and gradients that are not finite
 * @param detectAnomalousParams whether to name parameters that take no part in the loss; for
 *     debugging, as it reads the device at each iteration
 */
public record UpdateSettings(
    @Nullable Clipping clipOrNull,
    int cumulativeIters,
    @Nullable LossScaling scalingOrNull,
    NonFinite nonFinite,
    boolean detectAnomalousParams) {
  /** Neither clips, accumulates nor scales. */
  public static final UpdateSettings PLAIN =
      new UpdateSettings(null, 1, null, NonFinite.IGNORED, false);

  /** Rejects a window without iterations. */
  public UpdateSettings {
    if (cumulativeIters < 1) {
      throw new IllegalArgumentException(
          "cumulative_iters must be at least 1, got " + cumulativeIters);
    }
  }

  /** The bound on gradients, if there is one. */
  public Optional<Clipping> clip() {
    return Optional.ofNullable(clipOrNull);
  }

  /** The scaling of the loss, if there is one. */
  public Optional<LossScaling> scaling() {
    return Optional.ofNullable(scalingOrNull);
  }

  /** These settings with a bound on gradients. */
  public UpdateSettings clip(@Nullable Clipping clip) {
    return new UpdateSettings(
        clip, cumulativeIters, scalingOrNull, nonFinite, detectAnomalousParams);
  }

  /** These settings with one update for {@code iters} iterations. */
  public UpdateSettings cumulativeIters(int iters) {
    return new UpdateSettings(clipOrNull, iters, scalingOrNull, nonFinite, detectAnomalousParams);
  }

  /** These settings with a scaled loss. */
  public UpdateSettings scaling(@Nullable LossScaling scaling) {
    return new UpdateSettings(
        clipOrNull, cumulativeIters, scaling, nonFinite, detectAnomalousParams);
  }

  /** These settings with a policy for what is not finite. */
  public UpdateSettings nonFinite(NonFinite policy) {
    return new UpdateSettings(
        clipOrNull, cumulativeIters, scalingOrNull, policy, detectAnomalousParams);
  }

  /** These settings, naming parameters that take no part in the loss or not. */
  public UpdateSettings detectAnomalousParams(boolean detect) {
    return new UpdateSettings(clipOrNull, cumulativeIters, scalingOrNull, nonFinite, detect);
  }
}
