package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The present loss scale of a run, moved by whether each update's gradients were finite.
 *
 * <p>Follows PyTorch's {@code GradScaler}: a scale that is dynamic shrinks at once where gradients
 * overflow, and grows after {@code growth_interval} finite updates in a row. Unlike there it never
 * falls below 1, or below its initial scale if that is lower: {@code GradScaler}'s falls on to 0,
 * from where no update comes through again.
 */
public final class LossScaler {
  /** Updates left out in a row, at a scale that can't fall, before the user is told. */
  static final int FIRST_WARNING = 10;

  private static final String SCALE = "scale";
  private static final String TRACKER = "_growth_tracker";

  private final LossScaling scaling;
  private double scale;
  private int finiteInRow;
  private int stuck;

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

  /** The scale below which this one does not fall. */
  public double floor() {
    return scaling.dynamic() ? Math.min(1, scaling.initScale()) : scale;
  }

  /**
   * What to tell the user after an update: that scaling can't help, since updates are left out in a
   * row although the scale can't fall any more. Said at {@value #FIRST_WARNING} of them, and again
   * whenever their number has doubled.
   */
  public Optional<String> warning() {
    int times = stuck / FIRST_WARNING;
    if (stuck % FIRST_WARNING != 0 || Integer.bitCount(times) != 1) {
      return Optional.empty();
    }
    String advice =
        scaling.dynamic()
            ? "the least there is; look for a loss that is not finite, or a learning rate too high"
            : "which is fixed; lower it, or let it adapt with loss_scale: dynamic";
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d updates in a row were left out, so nothing is learned: gradients are not finite at a"
                + " loss scale of %s, %s. optimizer_config.nonfinite can end such a run",
            stuck,
            scale,
            advice));
  }

  /** Moves the scale after an update whose gradients were all finite, or after one skipped. */
  public void update(boolean finite) {
    stuck = finite || scale > floor() ? 0 : stuck + 1;
    if (!scaling.dynamic()) {
      return;
    }
    if (!finite) {
      scale = Math.max(scale * scaling.backoffFactor(), floor());
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
      scale = Math.max(storedScale.doubleValue(), floor());
      finiteInRow = Math.min(storedCount.intValue(), scaling.growthInterval() - 1);
    }
  }
}
