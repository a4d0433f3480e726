package org.djlrunner.hook;

import java.util.List;
import org.djlrunner.log.LogRecord;

/**
 * Logs what an iteration takes, in seconds: {@code data_time} for the wait for its batch, {@code
 * time} for all of it up to this hook; and {@code samples_per_s}, the batch's samples by that time.
 *
 * <p>Both are measured within the iteration, so what evaluation, saving and logging take afterwards
 * is in neither. Work still queued on a device is not waited for.
 */
public final class IterTimerHook implements Hook {
  /** What it logs, in the order to show; no results of a validation. */
  public static final List<String> NAMES = LogRecord.TIMINGS;

  private static final double NANOS = 1e9;

  @Override
  public void afterIter(HookContext context) {
    long total = context.ticker().nanos() - context.iterationStart();
    context.logBuffer().update(LogRecord.DATA_TIME, context.dataNanos() / NANOS);
    context.logBuffer().update(LogRecord.TIME, total / NANOS);
    context
        .logBuffer()
        .update(LogRecord.SAMPLES_PER_SECOND, context.output().numSamples(), total / NANOS);
  }

  @Override
  public Priority priority() {
    return Priority.LOW;
  }
}
