package org.djlrunner.djl.data.sampler;

import java.util.Arrays;

/**
 * The order in which a pass visits samples: a pure function of the pass's number.
 *
 * <p>What else it depends on (seed, rank, labels) it was made with. It draws from no generator that
 * has a state, so any pass can be had again, and a pass can be entered at any position without
 * loading what lies before it.
 */
public interface Sampler {
  /** How many samples each pass visits, on this rank; the same for every pass. */
  int size();

  /**
   * The samples of a pass, by their index in the data set; an index may come more than once.
   *
   * @param pass its number, from 0
   * @return {@link #size} indices, the caller's own
   */
  int[] order(int pass);

  /**
   * The same from a position on.
   *
   * @param from how many samples to leave out, 0 to {@link #size}
   */
  default int[] order(int pass, int from) {
    return Arrays.copyOfRange(order(pass), from, size());
  }
}
