package org.djlrunner.djl.data;

import java.util.List;
import org.djlrunner.djl.data.transform.SampleRandom;

/**
 * Mixes the images of a batch with each other, and makes their labels probabilities.
 *
 * <p>Of several ways one is drawn for each batch; what is left to a sum of 1 is no mixing. It is
 * done on the pixels as loaded, by the worker that assembled the batch, so it works alike on any
 * device; each pixel is rounded to 8 bit.
 *
 * @param classes how many probabilities a label has, the network's outputs
 * @param ways what is drawn from; probabilities of 1 in sum at most
 */
public record BatchMix(int classes, List<Way> ways) {
  /** One way to mix. */
  public sealed interface Way permits Mixup, CutMix {
    /** Of being drawn, 0 to 1. */
    double probability();
  }

  /**
   * {@code lambda * image + (1 - lambda) * other image}, labels likewise.
   *
   * @param alpha lambda is drawn from Beta(alpha, alpha)
   * @param probability of being drawn
   */
  public record Mixup(double alpha, double probability) implements Way {}

  /**
   * A rectangle of another image, of about {@code 1 - lambda} of the area; labels by what was
   * replaced indeed.
   *
   * @param alpha lambda is drawn from Beta(alpha, alpha)
   * @param probability of being drawn
   */
  public record CutMix(double alpha, double probability) implements Way {}

  /** Rejects what is no choice. */
  public BatchMix {
    ways = List.copyOf(ways);
    if (classes < 2) {
      throw new IllegalArgumentException("num_classes must be 2 or more, got " + classes);
    }
    double sum = 0;
    for (Way way : ways) {
      double alpha = way instanceof Mixup mixup ? mixup.alpha() : ((CutMix) way).alpha();
      if (!(alpha > 0)) {
        throw new IllegalArgumentException("alpha must be above 0, got " + alpha);
      }
      if (!(way.probability() >= 0 && way.probability() <= 1)) {
        throw new IllegalArgumentException("prob must be 0 to 1, got " + way.probability());
      }
      sum += way.probability();
    }
    if (ways.isEmpty() || sum > 1 + 1e-9) {
      throw new IllegalArgumentException(
          "the probabilities of augments must be 1 in sum at most, got " + sum);
    }
  }

  /** Mixes a batch and writes its labels. */
  void apply(BatchSlot slot, ImageShape shape, SampleRandom random) {
    double drawn = random.unit();
    for (Way way : ways) {
      drawn -= way.probability();
      if (drawn < 0) {
        new MixedBatch(slot, shape, classes, random).by(way);
        return;
      }
    }
    MixedBatch.unmixed(slot, classes);
  }
}
