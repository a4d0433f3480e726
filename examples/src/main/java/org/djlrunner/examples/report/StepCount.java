package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.djlrunner.checkpoint.KeptFile;

/**
 * How many training iterations are behind each record of a log.
 *
 * <p>Evaluations say it, training shows its epoch and the iteration within the epoch, or of the
 * whole run. Which of the two follows from the log itself: where an epoch follows another one,
 * iterations begin anew or go on. An epoch's length follows from evaluations, else from
 * checkpoints, else it is the largest iteration shown.
 *
 * @param withinEpoch whether training's iterations count within the epoch
 * @param epochLength iterations of an epoch, 1 or more; of use within epochs only
 * @param guessed whether the length is no more than the largest iteration shown
 */
record StepCount(boolean withinEpoch, int epochLength, boolean guessed) {
  static StepCount of(LogFile file, List<KeptFile> kept) {
    boolean within = isWithinEpoch(file);
    int shown = 1;
    int evaluated = 0;
    for (LogLine line : file.lines()) {
      if (line.isTrain()) {
        shown = Math.max(shown, line.iter());
      } else if (line.epoch() > 0 && line.step().isPresent()) {
        // Within epoch e at most e of them are behind, at its end exactly.
        evaluated = Math.max(evaluated, ceilDiv(line.step().getAsInt(), line.epoch()));
      }
    }
    if (evaluated > 0) {
      return new StepCount(within, Math.max(shown, evaluated), false);
    }
    // After e whole epochs at least e of them are behind, at once exactly.
    OptionalInt saved =
        kept.stream().filter(k -> k.epoch() > 0).mapToInt(k -> k.iter() / k.epoch()).min();
    return saved.isPresent() && saved.getAsInt() >= shown
        ? new StepCount(within, saved.getAsInt(), false)
        : new StepCount(within, shown, within && lastEpoch(file) > 1);
  }

  /** The records at their places. */
  List<RunRecord> place(LogFile file) {
    List<RunRecord> placed = new ArrayList<>();
    int last = 0;
    for (LogLine line : file.lines()) {
      int step;
      if (line.step().isPresent()) {
        step = line.step().getAsInt();
      } else if (line.isTrain()) {
        step =
            withinEpoch ? Math.max(0, line.epoch() - 1) * epochLength + line.iter() : line.iter();
      } else {
        step = withinEpoch ? line.epoch() * epochLength : last;
      }
      last = step;
      placed.add(new RunRecord(line.mode(), line.epoch(), step, line.values()));
    }
    return placed;
  }

  private static boolean isWithinEpoch(LogFile file) {
    Map<Integer, Integer> lastShown = new HashMap<>();
    for (LogLine line : file.lines()) {
      if (line.isTrain()) {
        Integer before = lastShown.get(line.epoch() - 1);
        if (before != null) {
          return line.iter() <= before;
        }
        lastShown.put(line.epoch(), line.iter());
      }
    }
    // One epoch only: the config knows.
    return !(file.meta().get("config") instanceof Map<?, ?> config
        && config.get("runner") instanceof Map<?, ?> runner
        && String.valueOf(runner.get("type")).startsWith("Iter"));
  }

  private static int lastEpoch(LogFile file) {
    return file.lines().stream().mapToInt(LogLine::epoch).max().orElse(0);
  }

  private static int ceilDiv(int whole, int parts) {
    return (whole + parts - 1) / parts;
  }
}
