package org.djlrunner.djl.data;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.djlrunner.djl.data.transform.CachedPipeline;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.PixelMap;
import org.djlrunner.djl.data.transform.SampleRandom;

/**
 * What images that lie on the device go through anew in each pass.
 *
 * <p>The host draws where pixels come from, with the same transforms and random numbers as without
 * a cache; the device fetches them. One thread at a time may ask.
 */
final class DeviceAugmentation {
  private final long seed;
  private final CachedPipeline pipeline;
  private final ImageShape before;
  private final ImageShape after;
  private final PixelMap map = new PixelMap();
  private final SampleRandom random = new SampleRandom();

  private DeviceAugmentation(
      long seed, CachedPipeline pipeline, ImageShape before, ImageShape after) {
    this.seed = seed;
    this.pipeline = pipeline;
    this.before = before;
    this.after = after;
  }

  /**
   * What a data set with its pipeline asks of the device.
   *
   * @throws IllegalArgumentException if that can't be done there, with what can
   */
  static DeviceAugmentation of(PreparedImages prepared) {
    if (prepared.mix() != null) {
      throw new IllegalArgumentException(
          "images that are kept on the device can't be mixed with each other there; leave out the"
              + " mixing, or cache: batches are then loaded ahead of the step");
    }
    CachedPipeline pipeline = CachedPipeline.of(prepared.pipeline());
    ImageShape after = prepared.shape();
    PreparedImages once = prepared.through(pipeline.once());
    if (!once.hasOneSize()) {
      throw new IllegalArgumentException(
          "images that are kept on the device need one size before "
              + pipeline.each().get(0).getClass().getSimpleName()
              + "; put Resize with two sides or CenterCrop before it, or leave out cache: batches"
              + " are then loaded ahead of the step");
    }
    return new DeviceAugmentation(prepared.seed(), pipeline, once.shape(), after);
  }

  /** Images that stay as they are kept. */
  static DeviceAugmentation none(ImageShape shape) {
    return new DeviceAugmentation(0, CachedPipeline.of(Pipeline.NONE), shape, shape);
  }

  /** A data set's images as they are kept. */
  PreparedImages once(PreparedImages prepared) {
    return prepared.through(pipeline.once());
  }

  /** Whether nothing is left to do in a pass. */
  boolean isNothing() {
    return pipeline.each().isEmpty();
  }

  /** The size of every image in a batch. */
  ImageShape shape() {
    return after;
  }

  /** What transforms fill with, {@code [T, C] uint8}. */
  ByteBuffer fillings() {
    byte[] fillings = pipeline.fillings(after.channels());
    return ByteBuffer.allocateDirect(fillings.length).put(fillings).flip();
  }

  /** Heights and width that the device has to know: before, before, and after. */
  long[] sizes() {
    return new long[] {before.height(), before.width(), after.height()};
  }

  /** The size of what {@link #writePlaces} writes: a row a sample. */
  Shape places(int samples) {
    return new Shape(samples, after.height() + after.width());
  }

  /**
   * Draws where the pixels of a batch come from, as {@link PixelMap} says.
   *
   * @param order the pass's, of which samples {@code from} to {@code to} make the batch
   */
  void writePlaces(PassOrder order, int from, int to, IntBuffer target) {
    Extent size = new Extent(before.height(), before.width());
    for (int i = from; i < to; i++) {
      random.begin(seed, order.pass(), order.sample(i), order.visit(i));
      map.place(size, pipeline.each(), random);
      map.writeTo(target);
    }
  }
}
