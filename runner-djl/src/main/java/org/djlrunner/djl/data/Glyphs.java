package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The built-in data set of ten classes of hand-drawn strokes, for machines without any data.
 *
 * <p>Drawn by {@link GlyphRenderer} when constructed: {@code 28x28x1} images that are a function of
 * the seed alone. Take another seed for validation.
 */
public final class Glyphs extends ImageDataset {
  private static final ImageShape SHAPE = new ImageShape(GlyphRenderer.SIDE, GlyphRenderer.SIDE, 1);

  /** The number of images that fit into one array. */
  public static final int MAX_SIZE = Integer.MAX_VALUE / GlyphRenderer.PIXELS - 1;

  private final byte[] pixels;
  private final byte[] labels;

  /**
   * Draws the data set.
   *
   * @param size number of images, 1 to {@link #MAX_SIZE}
   * @param seed picks the images
   */
  public Glyphs(int size, long seed) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size must be 1 to " + MAX_SIZE + ", got " + size);
    }
    GlyphRenderer renderer = new GlyphRenderer(seed);
    pixels = new byte[size * GlyphRenderer.PIXELS];
    labels = new byte[size];
    IntStream.range(0, size)
        .parallel()
        .forEach(
            i -> {
              renderer.render(
                  i, ByteBuffer.wrap(pixels, i * GlyphRenderer.PIXELS, GlyphRenderer.PIXELS));
              labels[i] = (byte) renderer.label(i);
            });
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public List<String> classes() {
    return GlyphShapes.NAMES;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, ByteBuffer target) {
    target.put(pixels, index * GlyphRenderer.PIXELS, GlyphRenderer.PIXELS);
  }

  @Override
  protected long availableSize() {
    return labels.length;
  }
}
