package org.djlrunner.djl.data.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A pipeline of images that are kept on the device: what is done once before, and what the device
 * does anew in each pass.
 *
 * @param once all before the first transform that is random
 * @param each that transform and all behind it; empty if none is random
 * @param swapped whether {@code once} swaps red and blue, which the whole pipeline does at its end
 */
public record CachedPipeline(Pipeline once, List<GeometricTransform> each, boolean swapped) {
  private static final String WORKING =
      "RandomCrop, RandomFlip, Cutout, RandomErasing with mode: const, CenterCrop and Pad";

  /** Keeps its own copy. */
  public CachedPipeline {
    each = List.copyOf(each);
  }

  /**
   * Divides a pipeline.
   *
   * @throws IllegalArgumentException if the device can't do what is random or comes behind it, with
   *     what it can do
   */
  public static CachedPipeline of(Pipeline pipeline) {
    List<ImageTransform> all = pipeline.transforms();
    int first =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).isRandom())
            .findFirst()
            .orElse(all.size());
    List<ImageTransform> once = new ArrayList<>(all.subList(0, first));
    List<ImageTransform> each = new ArrayList<>(all.subList(first, all.size()));
    // Swapping channels and moving pixels can change places, if what is filled is swapped too.
    boolean swapped = !each.isEmpty() && each.get(each.size() - 1).equals(new SwapChannels());
    if (swapped) {
      once.add(each.remove(each.size() - 1));
    }
    if (each.size() > PixelMap.MAX_STEPS) {
      throw new IllegalArgumentException(
          String.format(
              "the device does at most %d steps in each pass, but from %s on there are %d; leave out"
                  + " some of them, or cache: batches are then loaded ahead of the step",
              PixelMap.MAX_STEPS, name(each.get(0)), each.size()));
    }
    return new CachedPipeline(
        new Pipeline(pipeline.reducedDecoding(), once, pipeline.normalize()),
        each.stream().map(step -> geometric(step, each.get(0))).toList(),
        swapped);
  }

  /** What the transforms of {@link #each} fill with: a pixel's channels for each. */
  public byte[] fillings(int channels) {
    byte[] fillings = new byte[each.size() * channels];
    for (int i = 0; i < fillings.length; i++) {
      int channel = i % channels;
      boolean other = swapped && channels == 3;
      fillings[i] = each.get(i / channels).fillsWith().at(other ? 2 - channel : channel);
    }
    return fillings;
  }

  private static GeometricTransform geometric(ImageTransform step, ImageTransform first) {
    if (step instanceof GeometricTransform geometric && geometric.isGeometric()) {
      return geometric;
    }
    String before = name(first);
    String what =
        step instanceof RandomErasing
            ? "RandomErasing with mode: rand"
            : step.isRandom() ? name(step) : name(step) + " behind " + before;
    throw new IllegalArgumentException(
        String.format(
            "in each pass the device does %s, but not %s; %sleave it out, or cache: batches are then"
                + " loaded ahead of the step",
            WORKING, what, step.isRandom() ? "" : "put it before " + before + ", "));
  }

  private static String name(ImageTransform step) {
    return step.getClass().getSimpleName();
  }
}
