package org.djlrunner.schedule;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts how long a watched value has not got better; the state of a {@link Plateau}. */
public final class PlateauWatch {
  private static final String BEST = "best";
  private static final String BAD = "num_bad_epochs";
  private static final String COOLDOWN = "cooldown_counter";

  private final Plateau plateau;
  private double best;
  private int bad;
  private int cooldown;

  /** A watch that has seen nothing. */
  public PlateauWatch(Plateau plateau) {
    this.plateau = plateau;
    this.best =
        plateau.mode() == Plateau.Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }

  /** Takes the next value; whether rates are to be reduced. NaN is no better than anything. */
  public boolean isReductionDue(double value) {
    if (plateau.isBetter(value, best)) {
      best = value;
      bad = 0;
    } else {
      bad++;
    }
    if (cooldown > 0) {
      cooldown--;
      bad = 0;
    }
    if (bad <= plateau.patience()) {
      return false;
    }
    cooldown = plateau.cooldown();
    bad = 0;
    return true;
  }

  /** What a checkpoint keeps, under PyTorch's names; {@code best} is left out before any value. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    if (Double.isFinite(best)) {
      state.put(BEST, best);
    }
    state.put(BAD, bad);
    state.put(COOLDOWN, cooldown);
    return state;
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws IllegalArgumentException if the counts are missing
   */
  public void load(Map<?, ?> state) {
    if (!(state.get(BAD) instanceof Number storedBad)
        || !(state.get(COOLDOWN) instanceof Number storedCooldown)) {
      throw new IllegalArgumentException(
          "the state of a plateau must hold '" + BAD + "' and '" + COOLDOWN + "', got " + state);
    }
    bad = storedBad.intValue();
    cooldown = storedCooldown.intValue();
    if (state.get(BEST) instanceof Number storedBest) {
      best = storedBest.doubleValue();
    }
  }
}
