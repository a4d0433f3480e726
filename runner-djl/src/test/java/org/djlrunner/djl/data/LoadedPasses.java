package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.spi.DataPass;

/** Loaders whose batches come on different ways, and all that a pass of them gives. */
final class LoadedPasses {
  /** Pixels as they are. */
  static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));

  private LoadedPasses() {}

  /** All that there is to a batch. */
  record Content(List<Integer> shape, List<Integer> pixels, List<Long> labels, List<Long> indices) {
    static Content of(ImageBatch batch) {
      List<Integer> shape = new ArrayList<>();
      for (long size : batch.pixels().getShape().getShape()) {
        shape.add((int) size);
      }
      List<Integer> pixels = new ArrayList<>();
      for (int pixel : batch.pixels().toUint8Array()) {
        pixels.add(pixel);
      }
      return new Content(
          shape, pixels, list(batch.labels().head().toLongArray()), list(batch.sampleIndices()));
    }

    private static List<Long> list(long[] values) {
      List<Long> list = new ArrayList<>();
      for (long value : values) {
        list.add(value);
      }
      return list;
    }
  }

  /** A loader whose batches are copied by the side thread, as for a GPU. */
  static ImageLoader ahead(ImageDataset images, LoaderOptions options, NDManager manager) {
    return loader(images, options, manager, true);
  }

  /** A loader whose batches look into the slots, as on a CPU. */
  static ImageLoader plain(ImageDataset images, LoaderOptions options, NDManager manager) {
    return loader(images, options, manager, false);
  }

  private static ImageLoader loader(
      ImageDataset images, LoaderOptions options, NDManager manager, boolean ahead) {
    return new ImageLoader(
        images, options, RAW, manager, ahead, () -> new MemoryBudget(1 << 20, "a test's"));
  }

  static List<Content> read(ImageLoader loader, int pass, int firstBatch) {
    List<Content> contents = new ArrayList<>();
    try (DataPass<ImageBatch> batches = loader.open(pass, firstBatch)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          contents.add(Content.of(batch));
        }
      }
    }
    return contents;
  }
}
