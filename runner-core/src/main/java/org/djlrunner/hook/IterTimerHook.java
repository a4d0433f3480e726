package org.djlrunner.hook;

/**
 * Logs what an iteration takes, in seconds: {@code data_time} for the wait for its batch, {@code
 * time} for all of it up to this hook.
 *
 * <p>Both are measured within the iteration, so what evaluation, saving and logging take afterwards
 * is in neither. Work still queued on a device is not waited for.
 */
public final class IterTimerHook implements Hook {
  private static final double NANOS = 1e9;

  @Override
  public void afterIter(HookContext context) {
    long total = context.ticker().nanos() - context.iterationStart();
    context.logBuffer().update("data_time", context.dataNanos() / NANOS);
    context.logBuffer().update("time", total / NANOS);
  }

  @Override
  public Priority priority() {
    return Priority.LOW;
  }
}
