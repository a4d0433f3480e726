package org.djlrunner.hook;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.djlrunner.Mode;
import org.djlrunner.config.NearNames;
import org.djlrunner.metric.Watched;

/**
 * The mean of a value that training logs, for hooks that watch one.
 *
 * <p>Asking reads what is pending on the device, as a log point does. Of an epoch with more
 * iterations than a log buffer remembers the last ones count.
 */
final class TrainingMean {
  private static final String EPOCH_START = "epoch_start";
  private static final String SEEN = "seen";

  private final Watched watched;
  private final String asker;
  private long epochStart;
  private boolean seen;

  /**
   * A mean of a value.
   *
   * @param watched a value of training
   * @param asker begins the message about a name that nobody logs
   */
  TrainingMean(Watched watched, String asker) {
    this.watched = watched;
    this.asker = asker;
  }

  /** What a checkpoint keeps. */
  Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(EPOCH_START, epochStart);
    state.put(SEEN, seen);
    return state;
  }

  /** Goes on where a mean with this state was; begins anew with an empty one. */
  void restore(Map<?, ?> state) {
    epochStart = state.get(EPOCH_START) instanceof Number step ? step.longValue() : 0;
    seen = Boolean.TRUE.equals(state.get(SEEN));
  }

  void beginEpoch(HookContext context) {
    epochStart = context.logBuffer().step();
  }

  /**
   * The mean over the interval that ended with the last of some iterations, if one did.
   *
   * @param finished training iterations done
   * @param nextBegun whether the buffer's step is already that of the next iteration
   */
  OptionalDouble ofIterations(HookContext context, int finished, boolean nextBegun) {
    int interval = watched.interval();
    if (interval == 0 || finished == 0 || finished % interval != 0) {
      return OptionalDouble.empty();
    }
    return of(context.logBuffer().average(nextBegun ? interval + 1L : interval));
  }

  /**
   * The mean over the epoch that ends, if it is complete and means are over epochs.
   *
   * @throws IllegalStateException if nothing of this name was logged until now; names near ones
   */
  OptionalDouble ofEpoch(HookContext context) {
    boolean trained = context.mode().equals(Optional.of(Mode.TRAIN));
    boolean byEpoch = watched.interval() == 0;
    if (!trained || !context.progress().passComplete() || (seen && !byEpoch)) {
      return OptionalDouble.empty();
    }
    long steps = context.logBuffer().step() - epochStart;
    Map<String, Double> means = context.logBuffer().average(Math.max(steps, 1));
    OptionalDouble mean = of(means);
    if (!seen) {
      throw new IllegalStateException(unknown(means.keySet()));
    }
    return byEpoch ? mean : OptionalDouble.empty();
  }

  /** A window without the value, such as a norm where each update was left out, has no mean. */
  private OptionalDouble of(Map<String, Double> means) {
    Double mean = means.get(watched.key());
    if (mean == null) {
      return OptionalDouble.empty();
    }
    seen = true;
    return OptionalDouble.of(mean);
  }

  private String unknown(Collection<String> logged) {
    Set<String> names = new LinkedHashSet<>();
    logged.forEach(name -> names.add(Watched.TRAIN + name));
    return asker
        + " '"
        + watched.monitor()
        + "', which training doesn't log"
        + NearNames.suggestion(watched.monitor(), names)
        + "; there are "
        + names;
  }
}
