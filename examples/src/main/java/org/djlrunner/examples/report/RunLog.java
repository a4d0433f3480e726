package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.djlrunner.checkpoint.KeptFile;

/**
 * The logs of a work folder as one run.
 *
 * <p>A run that was gone on with has several, in the order of their names. From where a later one
 * begins, what the earlier ones say is dropped: those iterations were done again.
 *
 * @param records what holds in the end, in the order of training
 * @param notes what a reader of the curves has to know
 */
record RunLog(List<RunRecord> records, List<String> notes) {
  /** Joins logs that are in order. */
  static RunLog of(List<LogFile> files, List<KeptFile> kept) {
    List<RunRecord> joined = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (LogFile file : files) {
      StepCount count = StepCount.of(file, kept);
      List<RunRecord> later = count.place(file);
      int dropped = joined.size();
      joined.removeIf(replacedBy(later));
      dropped -= joined.size();
      if (dropped > 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s begins again at iteration %,d: %s of earlier logs dropped.",
                file.name(),
                later.stream().mapToInt(RunRecord::step).min().orElse(0),
                dropped == 1 ? "one record" : String.format(Locale.ROOT, "%,d records", dropped)));
      }
      joined.addAll(later);
      if (file.damaged() > 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s: %s skipped.",
                file.name(),
                file.damaged() == 1
                    ? "one damaged line"
                    : String.format(Locale.ROOT, "%,d damaged lines", file.damaged())));
      }
      if (count.guessed()) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s doesn't say how long an epoch is; the curves take its largest iteration, %,d.",
                file.name(),
                count.epochLength()));
      }
    }
    return new RunLog(List.copyOf(joined), List.copyOf(notes));
  }

  /** Records of several files, in order, as those of one run. */
  static List<RunRecord> joined(List<List<RunRecord>> files) {
    List<RunRecord> joined = new ArrayList<>();
    for (List<RunRecord> later : files) {
      joined.removeIf(replacedBy(later));
      joined.addAll(later);
    }
    return joined;
  }

  /** The training iterations behind the last record. */
  int lastStep() {
    return records.stream().mapToInt(RunRecord::step).max().orElse(0);
  }

  /** The last epoch shown. */
  int lastEpoch() {
    return records.stream().mapToInt(RunRecord::epoch).max().orElse(0);
  }

  /**
   * Whether a record lies where a later log did the work again. Training replaces all from its
   * first record on; an evaluation that comes before that is the one that was due where the run
   * goes on, and replaces evaluations only.
   */
  private static Predicate<RunRecord> replacedBy(List<RunRecord> later) {
    Map<String, Integer> firstByMode = new HashMap<>();
    later.forEach(record -> firstByMode.merge(record.mode(), record.step(), Math::min));
    int training = firstByMode.getOrDefault(LogLine.TRAIN, Integer.MAX_VALUE);
    return record ->
        record.step()
            >= Math.min(training, firstByMode.getOrDefault(record.mode(), Integer.MAX_VALUE));
  }
}
