package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.spi.DataPass;

/** Our loader's batches, one pass after another, made by the thread that takes them. */
final class LoadedImages implements AutoCloseable {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final ImageLoader loader;
  private DataPass<ImageBatch> pass;
  private int passes;

  LoadedImages(LabelledImages images, int batchSize, ImageTransform... transforms) {
    Pipeline pipeline = new Pipeline(true, List.of(transforms), null);
    loader =
        new ImageLoader(
            PreparedImages.of(images, pipeline, 0),
            new LoaderOptions(batchSize, true, true, 0, 1, 0),
            manager);
    pass = loader.open(0);
  }

  /** Loads a batch and gives it back. */
  int next() {
    if (!pass.hasNext()) {
      pass.close();
      pass = loader.open(++passes);
    }
    try (ImageBatch batch = pass.next()) {
      return batch.size();
    }
  }

  @Override
  public void close() {
    pass.close();
    loader.close();
    manager.close();
  }
}
