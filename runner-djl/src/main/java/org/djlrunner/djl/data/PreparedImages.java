package org.djlrunner.djl.data;

import java.util.List;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * A data set and what its images go through until they are part of a batch.
 *
 * @param images the data set
 * @param pipeline for each image
 * @param seed of the pipeline's and the mixing's random numbers
 * @param onError what becomes of samples that can't be read
 * @param mix what mixes a batch's images with each other, null for nothing
 */
public record PreparedImages(
    LabelledImages images, Pipeline pipeline, long seed, OnError onError, @Nullable BatchMix mix) {
  /** What isn't decoded has the order of its channels, whatever {@code to_rgb} says. */
  public PreparedImages {
    pipeline = images instanceof ImageDataset ? pipeline.ofPixels() : pipeline;
  }

  /** A data set with a pipeline; what can't be read is an error. */
  public static PreparedImages of(LabelledImages images, Pipeline pipeline, long seed) {
    return new PreparedImages(images, pipeline, seed, OnError.FAIL, null);
  }

  /** The same, with another rule for samples that can't be read. */
  public PreparedImages on(OnError policy) {
    return new PreparedImages(images, pipeline, seed, policy, mix);
  }

  /** The same with another pipeline. */
  PreparedImages through(Pipeline other) {
    return new PreparedImages(images, other, seed, onError, mix);
  }

  /** The same, with images of a batch mixed with each other. */
  public PreparedImages mixedBy(@Nullable BatchMix mixing) {
    return new PreparedImages(images, pipeline, seed, onError, mixing);
  }

  /**
   * The size of every image behind the pipeline; no image is read for it.
   *
   * @throws IllegalArgumentException if they are of different sizes, or a transform can't take what
   *     it would get
   */
  public ImageShape shape() {
    Extent after = after();
    if (!after.isFixed()) {
      throw new IllegalArgumentException(
          "the images are of many sizes behind this pipeline, but a batch needs one; end it with"
              + " RandomResizedCrop, CenterCrop, RandomCrop, or Resize with two sides; where Pad"
              + " makes them of one size, a CenterCrop of that size behind it changes nothing");
    }
    return new ImageShape(
        after.height(),
        after.width(),
        images instanceof ImageDataset pixels ? pixels.shape().channels() : 3);
  }

  /** The names of the classes. */
  public List<String> classes() {
    return images.classes();
  }

  /** How many samples there are. */
  public int size() {
    return Math.toIntExact(images.size());
  }

  /** What the device does with the pixels; brings them to -1 to 1 if the pipeline says nothing. */
  public Normalization normalization() {
    Normalize normalize = pipeline.normalize();
    return normalize == null
        ? Normalization.symmetric(shape().channels())
        : new Normalization(normalize.mean(), normalize.std());
  }

  /**
   * The same, once it is known that the images can be kept on the device.
   *
   * @throws IllegalArgumentException if the device can't do what differs from pass to pass, with
   *     what it can do
   */
  public PreparedImages cacheable() {
    DeviceAugmentation.of(this);
    return this;
  }

  /** Whether every image has the same size behind the pipeline. */
  boolean hasOneSize() {
    return after().isFixed();
  }

  private Extent after() {
    return pipeline.after(
        images instanceof ImageDataset pixels
            ? new Extent(pixels.shape().height(), pixels.shape().width())
            : Extent.VARIES);
  }

  /** Whether samples are written as the data set has them. */
  boolean isPlain() {
    return pipeline.transforms().isEmpty() && images instanceof ImageDataset;
  }
}
