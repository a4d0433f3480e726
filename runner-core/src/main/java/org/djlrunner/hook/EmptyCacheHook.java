package org.djlrunner.hook;

import java.util.Optional;

/**
 * Gives memory that the engine keeps for later back to the device, so that others may have it.
 *
 * <p>Training needs it again soon, so this costs time and helps only where a device is shared. The
 * stages are those of training and validation. Without such a cache, as on a CPU, it does nothing,
 * and says so once.
 */
public final class EmptyCacheHook implements Hook {
  private final boolean beforeEpoch;
  private final boolean afterEpoch;
  private final boolean afterIter;
  private final Optional<Runnable> release;
  private boolean told;

  /**
   * A hook that gives memory back.
   *
   * @param beforeEpoch whether before each pass
   * @param afterEpoch whether after each pass
   * @param afterIter whether after each iteration
   * @param release gives it back; empty where the engine keeps none
   */
  public EmptyCacheHook(
      boolean beforeEpoch, boolean afterEpoch, boolean afterIter, Optional<Runnable> release) {
    this.beforeEpoch = beforeEpoch;
    this.afterEpoch = afterEpoch;
    this.afterIter = afterIter;
    this.release = release;
  }

  @Override
  public void beforeRun(HookContext context) {
    told = false;
  }

  @Override
  public void beforeEpoch(HookContext context) {
    if (release.isEmpty() && !told) {
      told = true;
      context.logs().note("EmptyCacheHook does nothing here: memory is cached on a GPU only");
    }
    release(beforeEpoch);
  }

  @Override
  public void afterEpoch(HookContext context) {
    release(afterEpoch);
  }

  @Override
  public void afterIter(HookContext context) {
    release(afterIter);
  }

  private void release(boolean asked) {
    if (asked) {
      release.ifPresent(Runnable::run);
    }
  }
}
