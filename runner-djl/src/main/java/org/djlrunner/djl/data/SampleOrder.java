package org.djlrunner.djl.data;

/**
 * The order of samples in a pass: a pure function of seed and pass, so any pass can be had again.
 *
 * @param size samples in the data set
 * @param shuffle whether each pass has an order of its own
 * @param seed picks the orders
 */
record SampleOrder(int size, boolean shuffle, long seed) {
  /** The stream of random numbers; other uses of a seed have other numbers. */
  private static final int SHUFFLE = 100;

  /** The indices of a pass. */
  int[] of(int pass) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    if (shuffle) {
      SplitMix random = new SplitMix(seed, SHUFFLE, pass);
      for (int i = size - 1; i > 0; i--) {
        int j = random.below(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
    return order;
  }
}
