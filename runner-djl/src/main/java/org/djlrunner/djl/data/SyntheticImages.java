package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images of noise with random classes, for trying and measuring things without data: torchvision's
 * {@code FakeData}.
 *
 * <p>Nothing is stored: an image is a function of the seed and its index, and drawn when asked for.
 */
public final class SyntheticImages extends ImageDataset {
  private static final int PIXELS = 110;
  private static final int LABEL = 111;

  private final int size;
  private final ImageShape shape;
  private final List<String> classes;
  private final long seed;

  /**
   * A data set of noise.
   *
   * @param size number of images, at least 1
   * @param shape the size of every image
   * @param classes how many there are, at least 1
   * @param seed picks images and classes
   */
  public SyntheticImages(int size, ImageShape shape, int classes, long seed) {
    this.size = size;
    this.shape = shape;
    this.classes = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    this.seed = seed;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return new SplitMix(seed, LABEL, index).below(classes.size());
  }

  @Override
  public void read(int index, ByteBuffer target) {
    SplitMix random = new SplitMix(seed, PIXELS, index);
    int left = shape.bytes();
    while (left > 0) {
      long bits = random.next();
      for (int i = Math.min(left, Long.BYTES); i > 0; i--) {
        target.put((byte) bits);
        bits >>>= Byte.SIZE;
        left--;
      }
    }
  }

  @Override
  protected long availableSize() {
    return size;
  }
}
