package org.djlrunner.hook;

import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.Progress;

/**
 * When a run is evaluated: at an interval, from a start on, and perhaps before anything is trained.
 *
 * <p>Without a start, after every {@code interval} epochs or iterations. With one, first when
 * {@code start} of them are finished, then an interval after the other; 0 evaluates before
 * training. A run that goes on where such an evaluation is due begins with it.
 *
 * @param interval every 1 or more epochs or iterations
 * @param start finished epochs or iterations, 0 or more; empty for the first interval's end
 */
public record EvalSchedule(Every interval, OptionalInt start) {
  /** Rejects an interval that never comes and a start below 0. */
  public EvalSchedule {
    if (interval.count() < 1) {
      throw new IllegalArgumentException(
          "the evaluation's interval must be at least 1, got " + interval.count());
    }
    if (start.isPresent() && start.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "the evaluation's start must be 0 or more, got " + start.getAsInt());
    }
  }

  /** At each interval's end. */
  public static EvalSchedule every(Every interval) {
    return new EvalSchedule(interval, OptionalInt.empty());
  }

  /** At an interval, the first time when {@code start} epochs or iterations are finished. */
  public static EvalSchedule from(int start, Every interval) {
    return new EvalSchedule(interval, OptionalInt.of(start));
  }

  /** What is counted. */
  public Every.Unit unit() {
    return interval.unit();
  }

  /**
   * Whether an evaluation is due where an iteration or a pass is just ending.
   *
   * <p>Ask in {@code after_train_iter} for iterations, in {@code after_train_epoch} for epochs; a
   * pass that was cut short completes no epoch.
   */
  public boolean isDue(Progress progress) {
    return unit() == Every.Unit.EPOCH
        ? progress.passComplete() && isDue(progress.epoch() + 1)
        : isDue(progress.iter() + 1);
  }

  /** Whether a run that begins with these counters begins with an evaluation. */
  public boolean isDueAtStart(Progress progress) {
    return start.isPresent()
        && isDue(unit() == Every.Unit.EPOCH ? progress.epoch() : progress.iter());
  }

  private boolean isDue(int finished) {
    int first = start.orElse(0);
    return finished >= first && (finished - first) % interval.count() == 0;
  }

  /** In words: {@code every 2 epochs from 0 on}. */
  @Override
  public String toString() {
    return interval + (start.isPresent() ? " from " + start.getAsInt() + " on" : "");
  }
}
