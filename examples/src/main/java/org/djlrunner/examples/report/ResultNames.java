package org.djlrunner.examples.report;

import java.util.Set;

/** Names of values in records: which are results, and what they are called in full. */
final class ResultNames {
  /** What every record may have besides, by its plain name. */
  private static final Set<String> NO_RESULTS =
      Set.of("lr", "momentum", "time", "data_time", "samples_per_s", "memory", "heap");

  private ResultNames() {}

  /** Whether a value is what the step, the hooks or an evaluation had to tell. */
  static boolean isResult(String name) {
    return !NO_RESULTS.contains(plain(name));
  }

  /** A name without what stands in front: {@code loss} of {@code noisy/loss}. */
  static String plain(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** What stands in front, {@code noisy} of {@code noisy/loss}; empty for nothing. */
  static String front(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** A result's name in the run: those of other modes than training and validation say theirs. */
  static String full(RunRecord record, String name) {
    boolean plain =
        record.isTrain() || record.mode().equals("val") || name.startsWith(record.mode() + "/");
    return plain ? name : record.mode() + "/" + name;
  }
}
