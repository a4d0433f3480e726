package org.djlrunner.djl.profile;

import org.djlrunner.Every;

/**
 * What a {@link ProfilerHook} does.
 *
 * @param window how long it looks at a run, from where the run begins or goes on; default 1 epoch
 * @param options what is recorded of operations
 * @param schedule which of the window's iterations are recorded, by default all
 * @param files where traces go
 * @param table whether the log gets a table of the operations that took longest
 */
public record ProfileSettings(
    Every window,
    ProfileOptions options,
    ProfileSchedule schedule,
    ProfileFiles files,
    boolean table) {
  /** Rejects windows of nothing. */
  public ProfileSettings {
    if (window.count() < 1) {
      throw new IllegalArgumentException("profile_iters must be at least 1, got " + window.count());
    }
  }

  /** Records all of a window into a file of the work folder. */
  public static ProfileSettings of(Every window) {
    return new ProfileSettings(
        window, ProfileOptions.DEFAULT, ProfileSchedule.ALWAYS, ProfileFiles.DEFAULT, false);
  }
}
