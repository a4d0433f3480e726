package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.djlrunner.spi.DataPass;

/** A pass over a {@link DeviceCache}: its order lies on the device, where batches are gathered. */
final class CachedPass implements DataPass<ImageBatch> {
  private final DeviceCache cache;
  private final PassOrder order;
  private final int batchSize;
  private final int batches;
  private final NDManager manager;
  private final NDArray onDevice;
  private int taken;

  CachedPass(DeviceCache cache, PassOrder order, LoaderOptions options, int firstBatch) {
    this.cache = cache;
    this.order = order;
    this.batchSize = options.batchSize();
    this.batches = options.batches(order.size());
    this.taken = firstBatch;
    this.manager = cache.manager().newSubManager();
    try {
      this.onDevice = cache.onDevice(order, manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    return taken < batches;
  }

  @Override
  public ImageBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("this pass has no further batch");
    }
    int from = taken * batchSize;
    int to = Math.min(from + batchSize, order.size());
    taken++;
    NDManager own = cache.manager().newSubManager();
    try (NDArray indices = onDevice.get(new NDIndex().addSliceDim(from, to))) {
      NDList samples = cache.gather(order, from, to, indices);
      samples.attach(own);
      return new ImageBatch(
          own,
          samples.get(0),
          samples.get(1),
          cache.normalization(),
          () -> IntStream.range(from, to).mapToLong(i -> cache.read(order.sample(i))).toArray(),
          () -> {});
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  @Override
  public void close() {
    taken = batches;
    manager.close();
  }
}
