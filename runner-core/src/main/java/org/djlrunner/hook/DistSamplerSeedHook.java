package org.djlrunner.hook;

/**
 * MMCV's hook that tells samplers the epoch; nothing is left for it to do.
 *
 * <p>Every loader is told the number of each pass, {@code open(pass)}, whether this hook is there
 * or not. It is accepted so that a config of MMCV runs as it is, and says so once.
 */
public final class DistSamplerSeedHook implements Hook {
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
          .note(
              "DistSamplerSeedHook has nothing to do: loaders are told each pass's number anyway");
    }
  }
}
