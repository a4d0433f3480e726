package org.djlrunner.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.log.LogRecord;

/** Log records for tests of sinks. */
public final class LogRecords {
  private LogRecords() {}

  /** A record of training, by epoch, at an iteration of a run of one optimizer. */
  public static LogRecord train(int iter, Map<String, Double> values) {
    return of(Mode.TRAIN, iter, Map.of("default", List.of(0.1, 0.01)), values);
  }

  /** A record of validation behind a number of training iterations. */
  public static LogRecord val(int finishedIters, Map<String, Double> values) {
    return of(Mode.VAL, finishedIters, Map.of("default", List.of(0.1, 0.01)), values);
  }

  /** A record with learning rates by optimizer; momenta are nine times as large. */
  public static LogRecord of(
      Mode mode, int iter, Map<String, List<Double>> rates, Map<String, Double> values) {
    Map<String, List<Double>> momenta = new LinkedHashMap<>();
    rates.forEach(
        (name, groups) -> momenta.put(name, groups.stream().map(rate -> 9 * rate).toList()));
    Progress progress =
        new Progress(
            0,
            iter - 1,
            iter - 1,
            OptionalInt.of(100),
            OptionalInt.of(1),
            OptionalInt.of(100),
            false);
    return new LogRecord(
        mode,
        Every.Unit.EPOCH,
        1,
        iter,
        progress,
        iter,
        rates,
        momenta,
        Map.of(),
        values,
        OptionalDouble.empty());
  }
}
