package org.djlrunner.djl.data.transform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a data set's images go through, in order.
 *
 * @param reducedDecoding whether JPEGs may be decoded smaller, {@link LoadImageFromFile#reduced}
 * @param transforms on the host, by the loader's workers
 * @param normalize on the device, null for none
 */
public record Pipeline(
    boolean reducedDecoding, List<ImageTransform> transforms, @Nullable Normalize normalize) {
  /** Images as they are. */
  public static final Pipeline NONE = new Pipeline(true, List.of(), null);

  /** Keeps its own copy. */
  public Pipeline {
    transforms = List.copyOf(transforms);
  }

  /** A pipeline of a config's steps, of which at most one normalises. */
  public static Pipeline of(List<PipelineStep> steps) {
    boolean reduced = true;
    Normalize normalize = null;
    List<ImageTransform> transforms = new ArrayList<>();
    for (PipelineStep step : steps) {
      if (step instanceof ImageTransform transform) {
        transforms.add(transform);
      } else if (step instanceof Normalize own) {
        normalize = own;
      } else if (step instanceof LoadImageFromFile load) {
        reduced = load.reduced();
      }
    }
    if (normalize != null && !normalize.toRgb()) {
      transforms.add(new SwapChannels());
    }
    return new Pipeline(reduced, transforms, normalize);
  }

  /** Whether it ends with blue before red. */
  public boolean swapsChannels() {
    return !transforms.isEmpty() && transforms.get(transforms.size() - 1) instanceof SwapChannels;
  }

  /** The same for pixels that need no decoding and are red-green-blue as they are. */
  public Pipeline ofPixels() {
    return swapsChannels()
        ? new Pipeline(reducedDecoding, transforms.subList(0, transforms.size() - 1), normalize)
        : this;
  }

  /** Puts a picture through all transforms. */
  public void apply(Picture picture, SampleRandom random) {
    for (ImageTransform transform : transforms) {
      transform.apply(picture, random);
    }
  }

  /**
   * The size of pictures behind it.
   *
   * @throws IllegalArgumentException if a transform can't take pictures of the size it would get
   */
  public Extent after(Extent before) {
    Extent size = before;
    for (ImageTransform transform : transforms) {
      size = transform.after(size);
    }
    return size;
  }
}
