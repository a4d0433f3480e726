package org.djlrunner.djl.data.sampler;

/**
 * Repeated augmentation (Hoffer et al. 2019, Touvron et al. 2020): each sample comes several times
 * in a row, so that several processes see it with different augmentations in one step.
 *
 * <p>Lengths and shares are those of MMClassification's sampler of this name. With the defaults a
 * pass is as long as one without repetition, and sees only every third sample.
 *
 * @param samples in the data set
 * @param shuffle whether each pass has an order of its own
 * @param seed picks the orders, the same for all processes
 * @param replica which process this is
 * @param repeats how often a sample comes, {@code num_repeats}; default 3
 * @param selectedRound a pass's samples are made a multiple of this before they are shared out,
 *     {@code selected_round}; 0 for none; default 256
 * @param selectedRatio a pass's samples are divided by this, {@code selected_ratio}; 0 for the
 *     number of processes, the default
 */
public record RepeatAugSampler(
    int samples,
    boolean shuffle,
    long seed,
    Replica replica,
    int repeats,
    int selectedRound,
    int selectedRatio)
    implements Sampler {
  /** Rejects numbers that select nothing. */
  public RepeatAugSampler {
    if (repeats < 1) {
      throw new IllegalArgumentException("num_repeats must be at least 1, got " + repeats);
    }
    if (selectedRound < 0 || selectedRatio < 0) {
      throw new IllegalArgumentException("selected_round and selected_ratio must be 0 or more");
    }
    if (selectedRound > samples) {
      throw new IllegalArgumentException(
          String.format(
              "selected_round is %d, more than the %d samples of the data set: none would be"
                  + " selected. Lower it, or set it to 0",
              selectedRound, samples));
    }
  }

  @Override
  public int size() {
    return Math.min(selected(), share());
  }

  @Override
  public int[] order(int pass) {
    int[] all = shuffle ? Permutation.of(samples, seed, pass) : Permutation.identity(samples);
    int[] own = new int[size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = all[(int) (replica.position(i) / repeats % samples)];
    }
    return own;
  }

  @Override
  public int[] visits(int pass, int[] order) {
    long repeated = (long) samples * repeats;
    int[] visits = new int[order.length];
    for (int i = 0; i < visits.length; i++) {
      long position = replica.position(i);
      visits[i] = (int) (position / repeated * repeats + position % repeats);
    }
    return visits;
  }

  private int selected() {
    int ratio = selectedRatio == 0 ? replica.count() : selectedRatio;
    return selectedRound == 0
        ? (samples + ratio - 1) / ratio
        : samples / selectedRound * selectedRound / ratio;
  }

  private int share() {
    return Math.toIntExact(((long) samples * repeats + replica.count() - 1) / replica.count());
  }
}
