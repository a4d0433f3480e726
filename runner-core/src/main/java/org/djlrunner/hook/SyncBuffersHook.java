package org.djlrunner.hook;

/**
 * MMCV's hook that averages buffers, such as running means, over the processes of a run.
 *
 * <p>A run is one process, so there is nothing to average, as in MMCV outside of distributed runs.
 * It is accepted so that a config of MMCV runs as it is, and says so once.
 */
public final class SyncBuffersHook implements Hook {
  private boolean told;

  @Override
  public void beforeRun(HookContext context) {
    told = false;
  }

  /** Not before the run, where logs are not open yet. */
  @Override
  public void beforeEpoch(HookContext context) {
    if (!told) {
      told = true;
      context
          .logs()
          .note("SyncBuffersHook has nothing to do: one process, whose buffers are its own");
    }
  }
}
