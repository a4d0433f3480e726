package org.djlrunner.examples.report;

import java.util.Optional;

/**
 * The best value of a result.
 *
 * @param metric the result's full name, such as {@code accuracy_top-1} or {@code noisy/loss}
 * @param what {@code highest} or {@code lowest}
 * @param value the best value, finite
 * @param epoch the epoch shown with it
 * @param step the training iterations behind it
 * @param checkpoint the file with the weights of that moment, empty if none was kept
 * @param last the run's last value, may be NaN
 */
record BestRow(
    String metric,
    String what,
    double value,
    int epoch,
    int step,
    Optional<String> checkpoint,
    double last) {}
