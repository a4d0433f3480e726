package org.djlrunner.djl.data;

/** What becomes of a sample that can't be read or decoded. */
public enum OnError {
  /** The batch fails, with the sample's name and the reason. */
  FAIL,
  /**
   * The next sample of the data set that can be read takes its place, and a warning counts them.
   * Which sample that is depends on the data alone, so batches stay the same for any number of
   * workers.
   */
  SKIP
}
