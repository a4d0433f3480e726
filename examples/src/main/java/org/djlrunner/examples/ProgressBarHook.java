package org.djlrunner.examples;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.djlrunner.Progress;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.TimeLeft;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a run is, ten times a second at most: the epoch or validation at hand and its
 * batches, and the time left. Reads nothing from the device.
 */
final class ProgressBarHook implements Hook {
  private static final int WIDTH = 24;
  private static final long PAUSE_NANOS = 100_000_000;

  private final Consumer<String> line;
  private @Nullable TimeLeft timeLeft;
  private OptionalDouble secondsLeft = OptionalDouble.empty();
  private long shownNanos;
  private boolean shown;

  /** A bar that hands out its text whenever that is to be shown. */
  ProgressBarHook(Consumer<String> line) {
    this.line = line;
  }

  @Override
  public void beforeRun(HookContext context) {
    timeLeft = TimeLeft.begin(context);
    shown = false;
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (isDue(context)) {
      TimeLeft left = timeLeft;
      secondsLeft = left == null ? OptionalDouble.empty() : left.seconds(context);
      show("Epoch " + epoch(context.progress()), context);
    }
  }

  @Override
  public void afterValIter(HookContext context) {
    if (isDue(context)) {
      show("Validation", context);
    }
  }

  @Override
  public void afterRun(HookContext context) {
    line.accept("");
  }

  @Override
  public Priority priority() {
    return Priority.LOWEST;
  }

  private boolean isDue(HookContext context) {
    long now = context.ticker().nanos();
    Progress progress = context.progress();
    if (shown && now - shownNanos < PAUSE_NANOS && !progress.endOfEpoch()) {
      return false;
    }
    shown = true;
    shownNanos = now;
    return true;
  }

  private void show(String what, HookContext context) {
    Progress progress = context.progress();
    int done = progress.innerIter() + 1;
    StringBuilder text = new StringBuilder(what).append(' ');
    OptionalInt length = progress.passLength();
    if (length.isPresent() && length.getAsInt() >= done) {
      int filled = (int) ((long) WIDTH * done / length.getAsInt());
      text.append('[').append("=".repeat(filled)).append(" ".repeat(WIDTH - filled)).append("] ");
      text.append(done).append('/').append(length.getAsInt());
    } else {
      text.append(done);
    }
    secondsLeft.ifPresent(seconds -> text.append(", ").append(duration(seconds)).append(" left"));
    line.accept(text.toString());
  }

  private static String epoch(Progress progress) {
    OptionalInt last = progress.maxEpochs();
    return progress.epoch() + 1 + (last.isPresent() ? "/" + last.getAsInt() : "");
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
