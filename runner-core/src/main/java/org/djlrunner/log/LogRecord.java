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
    Map<String, Double> values,
    OptionalDouble etaSeconds) {
  /** Keeps its own ordered copies. */
  public LogRecord {
    learningRates = Collections.unmodifiableMap(new LinkedHashMap<>(learningRates));
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
