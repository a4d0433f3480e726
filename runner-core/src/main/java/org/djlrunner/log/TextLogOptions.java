package org.djlrunner.log;

import java.util.Optional;

/**
 * What a text log does besides its lines.
 *
 * @param intervalExpName iterations after which a line shows the experiment's name again, as the
 *     last record of an epoch does; 1 or more. The name is {@code exp_name} of the run's meta data;
 *     without one there is no such line
 * @param copies where logs are copied after the run, empty for nowhere
 */
public record TextLogOptions(int intervalExpName, Optional<LogCopies> copies) {
  /** MMCV's: the name every 1000 iterations, no copies. */
  public static final TextLogOptions DEFAULT = new TextLogOptions(1000, Optional.empty());

  /** Rejects an interval below 1. */
  public TextLogOptions {
    if (intervalExpName < 1) {
      throw new IllegalArgumentException(
          "interval_exp_name must be at least 1, got " + intervalExpName);
    }
  }
}
