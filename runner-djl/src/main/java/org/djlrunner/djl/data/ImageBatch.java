package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.djl.DjlBatch;
import org.djlrunner.djl.Pixels;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.spi.Indexed;

/**
 * A batch of uint8 images on the model's device.
 *
 * <p>On a CPU the arrays look straight into the slot that the loader's worker filled; closing the
 * batch gives the slot back.
 */
public final class ImageBatch implements DjlBatch, Indexed {
  private final NDManager manager;
  private final NDArray pixels;
  private final NDArray labels;
  private final DeviceNormalization normalization;
  private final Supplier<long[]> indices;
  private final Runnable giveBack;
  private boolean closed;

  /**
   * A batch of arrays.
   *
   * @param manager owns the arrays, and is closed with the batch
   * @param pixels {@code [N, H, W, C] uint8}
   * @param labels {@code [N] int64}
   * @param indices of the samples in the data set
   * @param giveBack run once, when the batch is closed
   */
  ImageBatch(
      NDManager manager,
      NDArray pixels,
      NDArray labels,
      DeviceNormalization normalization,
      Supplier<long[]> indices,
      Runnable giveBack) {
    this.manager = manager;
    this.pixels = pixels;
    this.labels = labels;
    this.normalization = normalization;
    this.indices = indices;
    this.giveBack = giveBack;
  }

  @Override
  public int size() {
    return Math.toIntExact(pixels.getShape().get(0));
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  /** The pixels as loaded, {@code [N, H, W, C] uint8}. */
  public NDArray pixels() {
    return pixels;
  }

  @Override
  public Optional<Pixels> rawPixels() {
    return Optional.of(new Pixels(pixels, normalization.mean(), normalization.std()));
  }

  /**
   * The normalised images, {@code [N, C, H, W] float32}, stored channels-last.
   *
   * <p>Computed on the device, and anew at each call.
   */
  @Override
  public NDList inputs() {
    return TorchKernels.shared()
        .differentiable("normalized", pixels, normalization.mean(), normalization.std());
  }

  /** The samples' indices in the data set; means nothing once the batch is closed. */
  @Override
  public long[] sampleIndices() {
    return indices.get();
  }

  /** The classes, {@code [N] int64}. */
  @Override
  public NDList labels() {
    return new NDList(labels);
  }

  @Override
  public void close() {
    // A slot given back twice would be filled for two batches at once.
    if (!closed) {
      closed = true;
      manager.close();
      giveBack.run();
    }
  }
}
