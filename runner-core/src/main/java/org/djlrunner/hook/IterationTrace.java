package org.djlrunner.hook;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.djlrunner.Progress;
import org.djlrunner.spi.Indexed;
import org.jspecify.annotations.Nullable;

/** Where the iterations since the last look at the losses stood, and which samples they saw. */
final class IterationTrace {
  private static final class Entry {
    private final long step;
    private final Progress progress;
    private final long @Nullable [] samples;

    Entry(long step, Progress progress, long @Nullable [] samples) {
      this.step = step;
      this.progress = progress;
      this.samples = samples;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** Notes the iteration at hand. */
  void add(HookContext context) {
    long[] samples =
        context.batch() instanceof Indexed indexed ? indexed.sampleIndices().clone() : null;
    entries.add(new Entry(context.logBuffer().step(), context.progress(), samples));
  }

  /** Iterations noted and not forgotten. */
  int size() {
    return entries.size();
  }

  /** The step of the first iteration noted. */
  long firstStep() {
    return entries.getFirst().step;
  }

  /** The step of the last iteration noted. */
  long lastStep() {
    return entries.getLast().step;
  }

  /** Names an iteration, as people count: from 1. */
  String describe(long step) {
    for (Entry entry : entries) {
      if (entry.step == step) {
        Progress progress = entry.progress;
        String place =
            "epoch "
                + (progress.epoch() + 1)
                + ", iteration "
                + (progress.iter() + 1)
                + ", batch "
                + (progress.innerIter() + 1)
                + " of its pass";
        return entry.samples == null
            ? place
            : place + ", samples " + Arrays.toString(entry.samples);
      }
    }
    throw new IllegalArgumentException("step " + step + " was not noted");
  }

  /** Forgets all. */
  void clear() {
    entries.clear();
  }
}
