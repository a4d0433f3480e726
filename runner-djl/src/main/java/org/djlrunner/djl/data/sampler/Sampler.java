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

  /**
   * Which of the pass's visits to its sample each place of an order is, from 0: what sets the
   * augmentations of a sample that comes again apart. The default counts in this order; a sampler
   * for several processes has to count over all of them.
   *
   * @param order that of {@code pass}
   */
  default int[] visits(int pass, int[] order) {
    int[] before = new int[Arrays.stream(order).max().orElse(-1) + 1];
    return Arrays.stream(order).map(sample -> before[sample]++).toArray();
  }
}
