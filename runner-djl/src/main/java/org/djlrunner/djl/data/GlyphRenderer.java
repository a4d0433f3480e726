package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Draws the built-in data set Glyphs: ten classes of hand-drawn strokes, for machines without data.
 *
 * <p>An image is 28 by 28 grey bytes, row by row, 0 for black: bright strokes on a black ground.
 * The classes are ring, spiral, triangle, square, cross, tee, arrow, zigzag, wave and bars. Every
 * image has its own tremor, affine map and pen ({@link GlyphHand}), and on top:
 *
 * <ul>
 *   <li>up to two dim stray lines of a few pixels, and up to three specks;
 *   <li>one brightness for all the ink, 120 to 255;
 *   <li>noise on every pixel, bell-shaped, of one deviation from 8 to 40.
 * </ul>
 *
 * <p>Logistic regression on the pixels reaches about 70 %, LeNet-5 about 99 % in six epochs of
 * 12,000 images.
 *
 * <p>An image is a function of the seed and its index alone: the same bytes on every platform, in
 * any order and from any thread. Any ten images from a multiple of ten on hold each class once, in
 * an order of their own. The images of two seeds are independent: take one seed for training and
 * another for validation.
 */
public final class GlyphRenderer {
  /** How many classes there are; labels run from 0. */
  public static final int CLASSES = 10;

  /** The width and the height of an image, in pixels. */
  public static final int SIDE = 28;

  /** How many bytes an image takes. */
  public static final int PIXELS = SIDE * SIDE;

  // A stream for each purpose, so that labels cost no drawing.
  private static final int ORDER = 1;
  private static final int IMAGE = 2;

  private final long seed;

  /** A renderer of the images of one seed; any number will do. */
  public GlyphRenderer(long seed) {
    this.seed = seed;
  }

  /**
   * The class of an image, 0 to 9.
   *
   * @throws IndexOutOfBoundsException where {@code index} is negative
   */
  public int label(int index) {
    if (index < 0) {
      throw new IndexOutOfBoundsException(index);
    }
    SplitMix random = new SplitMix(seed, ORDER, index / CLASSES);
    int[] labels = new int[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      int j = random.below(i + 1);
      labels[i] = labels[j];
      labels[j] = i;
    }
    return labels[index % CLASSES];
  }

  /**
   * Writes an image at the buffer's position, which moves past it.
   *
   * @throws IndexOutOfBoundsException where {@code index} is negative
   * @throws java.nio.BufferOverflowException where fewer than 784 bytes remain; none is written
   */
  public void render(int index, ByteBuffer target) {
    byte[] pixels = new byte[PIXELS];
    render(index, pixels);
    target.put(pixels);
  }

  /**
   * Writes an image to the first 784 bytes of an array.
   *
   * @throws IndexOutOfBoundsException where {@code index} is negative or the array is shorter
   */
  public void render(int index, byte[] target) {
    Objects.checkFromIndexSize(0, PIXELS, target.length);
    int label = label(index);
    SplitMix random = new SplitMix(seed, IMAGE, index);
    InkCanvas canvas = new InkCanvas(SIDE);
    new GlyphHand(random, canvas).draw(GlyphShapes.strokes(label));
    distract(canvas, random);
    develop(canvas, random, target);
  }

  private static void distract(InkCanvas canvas, SplitMix random) {
    int lines = random.below(3);
    for (int i = 0; i < lines; i++) {
      double x = random.between(0, SIDE);
      double y = random.between(0, SIDE);
      double toX = x + random.between(-4, 4);
      double toY = y + random.between(-4, 4);
      canvas.line(x, y, toX, toY, random.between(0.2, 0.8), random.between(0.4, 0.9));
    }
    int specks = random.below(4);
    for (int i = 0; i < specks; i++) {
      double x = random.between(0, SIDE);
      double y = random.between(0, SIDE);
      canvas.line(x, y, x, y, random.between(0.2, 1), random.between(0.4, 1));
    }
  }

  private static void develop(InkCanvas canvas, SplitMix random, byte[] target) {
    double brightness = random.between(120, 255);
    double noise = random.between(8, 40);
    for (int i = 0; i < PIXELS; i++) {
      double level = brightness * canvas.ink(i) + noise * random.bell();
      target[i] = (byte) Math.min(255, Math.max(0, level));
    }
  }
}
