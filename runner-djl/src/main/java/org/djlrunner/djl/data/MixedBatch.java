package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import org.djlrunner.djl.data.transform.SampleRandom;

/** One batch while its images are mixed with each other. */
final class MixedBatch {
  /** One in fixed point. */
  private static final int ONE = 1 << 16;

  private final BatchSlot slot;
  private final ImageShape shape;
  private final int classes;
  private final SampleRandom random;
  private final byte[] original;
  private final int[] partner;

  MixedBatch(BatchSlot slot, ImageShape shape, int classes, SampleRandom random) {
    this.slot = slot;
    this.shape = shape;
    this.classes = classes;
    this.random = random;
    this.original = slot.original();
    this.partner = permutation(slot.size(), random);
  }

  /** Labels of images that stay as they are. */
  static void unmixed(BatchSlot slot, int classes) {
    for (int i = 0; i < slot.size(); i++) {
      label(slot, i, i, 1, classes);
    }
  }

  void by(BatchMix.Way way) {
    double share =
        way instanceof BatchMix.Mixup mixup ? mixup(mixup.alpha()) : cutMix((BatchMix.CutMix) way);
    for (int i = 0; i < slot.size(); i++) {
      label(slot, i, partner[i], share, classes);
    }
  }

  private double mixup(double alpha) {
    double lambda = random.beta(alpha);
    int own = (int) Math.rint(lambda * ONE);
    int other = ONE - own;
    int bytes = shape.bytes();
    byte[] row = new byte[bytes];
    for (int i = 0; i < slot.size(); i++) {
      int a = i * bytes;
      int b = partner[i] * bytes;
      for (int k = 0; k < bytes; k++) {
        int sum = (original[a + k] & 0xFF) * own + (original[b + k] & 0xFF) * other;
        row[k] = (byte) ((sum + ONE / 2) >> 16);
      }
      slot.target().put(a, row);
    }
    return lambda;
  }

  private double cutMix(BatchMix.CutMix way) {
    double side = Math.sqrt(1 - random.beta(way.alpha()));
    int rows = (int) (shape.height() * side);
    int columns = (int) (shape.width() * side);
    int y = random.between(0, shape.height() - 1);
    int x = random.between(0, shape.width() - 1);
    int top = Math.max(0, y - rows / 2);
    int left = Math.max(0, x - columns / 2);
    int bottom = Math.min(shape.height(), y + rows / 2);
    int right = Math.min(shape.width(), x + columns / 2);
    int line = shape.width() * shape.channels();
    int length = (right - left) * shape.channels();
    ByteBuffer pixels = slot.target();
    for (int i = 0; i < slot.size(); i++) {
      for (int r = top; r < bottom; r++) {
        int within = r * line + left * shape.channels();
        pixels.put(
            i * shape.bytes() + within, original, partner[i] * shape.bytes() + within, length);
      }
    }
    return 1 - (double) ((bottom - top) * (right - left)) / (shape.height() * shape.width());
  }

  private static void label(BatchSlot slot, int sample, int other, double share, int classes) {
    float[] probabilities = new float[classes];
    probabilities[slot.label(sample)] += (float) share;
    probabilities[slot.label(other)] += (float) (1 - share);
    slot.putLabel(probabilities);
  }

  private static int[] permutation(int size, SampleRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.between(0, i);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
