package org.djlrunner.log;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.djlrunner.Every;
import org.djlrunner.Mode;

/**
 * A record as a line for people, in MMCV's form, such as {@code Epoch [1][50/157] lr: 5.000e-02,
 * eta: 0:00:12, time: 0.0120, loss: 0.4821}.
 */
final class LogLine {
  /** As the root locale writes them; Java formats numbers of this one several times as fast. */
  private static final Locale NUMBERS = Locale.US;

  private LogLine() {}

  static String of(LogRecord record) {
    StringJoiner fields = new StringJoiner(", ");
    if (record.mode().equals(Mode.TRAIN)) {
      head(record, fields);
    }
    record.results().forEach((name, value) -> fields.add(name + ": " + number(name, value)));
    return label(record) + "\t" + fields;
  }

  /** What MMCV's lines of training have in front: rates, times, the device's memory. */
  private static void head(LogRecord record, StringJoiner fields) {
    if (!record.learningRates().isEmpty()) {
      StringJoiner rates = new StringJoiner(" ");
      record.learningRates().forEach((name, groups) -> rates.add(rate(record, name, groups)));
      fields.add(rates.toString());
    }
    record.etaSeconds().ifPresent(eta -> fields.add("eta: " + duration(eta)));
    for (String time : List.of(LogRecord.TIME, LogRecord.DATA_TIME)) {
      Double seconds = record.values().get(time);
      if (seconds != null) {
        fields.add(time + ": " + number(time, seconds));
      }
    }
    Long memory = record.memory().get(LogRecord.DEVICE_MEMORY);
    if (memory != null) {
      fields.add(LogRecord.DEVICE_MEMORY + ": " + memory);
    }
  }

  /** Seconds as {@code h:mm:ss}, with days in front where there are any. */
  static String duration(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    String days = s >= 86_400 ? s / 86_400 + "d " : "";
    return days + String.format(NUMBERS, "%d:%02d:%02d", s / 3600 % 24, s / 60 % 60, s % 60);
  }

  private static String label(LogRecord record) {
    boolean byEpoch = record.labelUnit() == Every.Unit.EPOCH;
    if (!record.mode().equals(Mode.TRAIN)) {
      return byEpoch
          ? String.format(
              NUMBERS, "Epoch(%s) [%d][%d]", record.mode(), record.epoch(), record.iter())
          : String.format(
              NUMBERS, "Iter(%s) [%d][%d]", record.mode(), record.finishedIters(), record.iter());
    }
    String iter =
        byEpoch
            ? total(record.iter(), record.progress().passLength().stream().boxed().toList())
            : total(record.iter(), record.progress().maxIters().stream().boxed().toList());
    return byEpoch ? "Epoch [" + record.epoch() + "]" + iter : "Iter " + iter;
  }

  private static String total(int iter, List<Integer> total) {
    return total.isEmpty() ? "[" + iter + "]" : "[" + iter + "/" + total.get(0) + "]";
  }

  private static String rate(LogRecord record, String optimizer, List<Double> rates) {
    String name = record.learningRates().size() == 1 ? "lr" : "lr_" + optimizer;
    return name + ": " + Decimals.scientific(rates.get(0), 3);
  }

  private static String number(String name, double value) {
    String plain = name.substring(name.lastIndexOf('/') + 1);
    return Decimals.fixed(value, plain.startsWith("accuracy") ? 2 : 4);
  }
}
