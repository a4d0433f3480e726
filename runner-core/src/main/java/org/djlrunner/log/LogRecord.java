package org.djlrunner.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;

/**
 * One line of a log: immutable, the same for every sink.
 *
 * @param mode training or validation
 * @param labelUnit whether readers count epochs or iterations
 * @param epoch the epoch to show, from 1
 * @param iter the iteration to show, from 1: within the epoch or of the whole run by {@code
 *     labelUnit}; for validation the number of its batches
 * @param progress the counters behind the labels
 * @param finishedIters training iterations behind this record
 * @param learningRates the learning rate of every group, by optimizer
 * @param momenta the momentum of every group, by optimizer, 0 where there is none
 * @param memory MiB in use by kind: {@link #DEVICE_MEMORY}, {@link #HEAP}; empty for validation
 * @param values averaged values by name, in the order to show
 * @param etaSeconds the estimated time to the end of the run, for training
 */
public record LogRecord(
    Mode mode,
    Every.Unit labelUnit,
    int epoch,
    int iter,
    Progress progress,
    int finishedIters,
    Map<String, List<Double>> learningRates,
    Map<String, List<Double>> momenta,
    Map<String, Long> memory,
    Map<String, Double> values,
    OptionalDouble etaSeconds) {
  /** Seconds that an iteration took. */
  public static final String TIME = "time";

  /** Seconds of {@link #TIME} that were a wait for the batch. */
  public static final String DATA_TIME = "data_time";

  /** Samples by second of {@link #TIME}. */
  public static final String SAMPLES_PER_SECOND = "samples_per_s";

  /** The values that tell how fast iterations were, in the order to show; no results. */
  public static final List<String> TIMINGS = List.of(TIME, DATA_TIME, SAMPLES_PER_SECOND);

  /** The memory in use on the device, in MiB. */
  public static final String DEVICE_MEMORY = "memory";

  /** The part of the JVM's heap in use, in MiB. */
  public static final String HEAP = "heap";

  /** Keeps its own ordered copies. */
  public LogRecord {
    learningRates = Collections.unmodifiableMap(new LinkedHashMap<>(learningRates));
    momenta = Collections.unmodifiableMap(new LinkedHashMap<>(momenta));
    memory = Collections.unmodifiableMap(new LinkedHashMap<>(memory));
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The values without {@link #TIMINGS}: what the step and the hooks had to tell. */
  public Map<String, Double> results() {
    Map<String, Double> results = new LinkedHashMap<>(values);
    TIMINGS.forEach(results::remove);
    return results;
  }
}
