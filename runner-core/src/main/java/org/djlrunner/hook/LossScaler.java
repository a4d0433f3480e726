package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The present loss scale of a run, moved by whether each update's gradients were finite.
 *
 * <p>Follows PyTorch's {@code GradScaler}: a scale that is dynamic shrinks at once where gradients
 * overflow, and grows after {@code growth_interval} finite updates in a row.
 */
public final class LossScaler {
  private static final String SCALE = "scale";
  private static final String TRACKER = "_growth_tracker";

  private final LossScaling scaling;
  private double scale;
  private int finiteInRow;

  /** A scaler at its initial scale. */
  public LossScaler(LossScaling scaling) {
    this.scaling = scaling;
    this.scale = scaling.initScale();
  }

  /** The factor on the next loss. */
  public double scale() {
    return scale;
  }

  /** Whether the factor adapts. */
  public boolean isDynamic() {
    return scaling.dynamic();
  }

  /** Moves the scale after an update whose gradients were all finite, or after one skipped. */
  public void update(boolean finite) {
    if (!scaling.dynamic()) {
      return;
    }
    if (!finite) {
      scale *= scaling.backoffFactor();
      finiteInRow = 0;
    } else if (++finiteInRow == scaling.growthInterval()) {
      double grown = scale * scaling.growthFactor();
      // Gradients are float32: a larger factor would overflow the loss itself.
      scale = grown <= Float.MAX_VALUE ? grown : scale;
      finiteInRow = 0;
    }
  }

  /** What a checkpoint keeps, under the names of {@code GradScaler.state_dict}. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(SCALE, scale);
    state.put("growth_factor", scaling.growthFactor());
    state.put("backoff_factor", scaling.backoffFactor());
    state.put("growth_interval", scaling.growthInterval());
    state.put(TRACKER, finiteInRow);
    return state;
  }

  /**
   * Takes over the scale and the count towards its growth from a {@link #state}; a fixed scale
   * stays as configured, and so do the factors and the interval of a dynamic one.
   *
   * @throws IllegalArgumentException if the state holds no positive scale or no count of 0 or more
   */
  public void load(Map<?, ?> state) {
    if (!(state.get(SCALE) instanceof Number storedScale)
        || !(storedScale.doubleValue() > 0)
        || Double.isInfinite(storedScale.doubleValue())
        || !(state.get(TRACKER) instanceof Number storedCount)
        || storedCount.intValue() < 0) {
      throw new IllegalArgumentException(
          "fp16.loss_scaler must hold 'scale' above 0 and '_growth_tracker' of 0 or more, got "
              + state);
    }
    if (scaling.dynamic()) {
      scale = storedScale.doubleValue();
      finiteInRow = Math.min(storedCount.intValue(), scaling.growthInterval() - 1);
    }
  }
}
