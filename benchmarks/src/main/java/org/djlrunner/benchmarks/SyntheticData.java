package org.djlrunner.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.djlrunner.djl.DjlBatch;
import org.djlrunner.djl.Pixels;

/**
 * Four batches of noise, prepared once and cycled.
 *
 * <p>Ours get uint8 images and normalise them in each iteration; the peers get them normalised, as
 * float32 in DJL's order, which favours the peers. The values are the same.
 */
final class SyntheticData {
  private static final int BATCHES = 4;

  private final Yardstick model;
  private final int size;
  private final List<NDArray> stored = new ArrayList<>();
  private final List<NDArray> labels = new ArrayList<>();
  private final NDArray centre;
  private int next;

  SyntheticData(Yardstick model, int size, boolean normalised, NDManager manager) {
    this.model = model;
    this.size = size;
    this.centre = centre(model.stored(1), manager);
    SplittableRandom random = new SplittableRandom(1);
    for (int b = 0; b < BATCHES; b++) {
      Shape shape = model.stored(size);
      byte[] bytes = new byte[Math.toIntExact(shape.size())];
      random.nextBytes(bytes);
      long[] classes = random.longs(size, 0, model.classes).toArray();
      NDArray pixels =
          manager.create(
              ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), shape, DataType.UINT8);
      boolean raw = model.images() && !normalised;
      try (NDManager scratch = manager.newSubManager()) {
        pixels.attach(raw ? manager : scratch);
        NDArray kept = raw ? pixels : normalised(pixels).duplicate();
        kept.attach(manager);
        stored.add(kept);
      }
      labels.add(manager.create(classes));
    }
  }

  /** The next batch; its arrays are handles that {@code step} owns, the memory stays. */
  DjlBatch next(NDManager step) {
    int i = next++ % BATCHES;
    NDArray pixels = handle(stored.get(i), step);
    NDArray classes = handle(labels.get(i), step);
    return new Noise(step, size, pixels, classes);
  }

  private static NDArray centre(Shape stored, NDManager manager) {
    float[] centre = new float[(int) stored.get(stored.dimension() - 1)];
    Arrays.fill(centre, (float) Recipe.PIXEL_CENTRE);
    return manager.create(centre);
  }

  private static NDArray handle(NDArray array, NDManager owner) {
    NDArray handle = array.stopGradient();
    handle.attach(owner);
    return handle;
  }

  private NDArray normalised(NDArray pixels) {
    NDArray values = pixels.toType(DataType.FLOAT32, false);
    values.subi(Recipe.PIXEL_CENTRE);
    values.divi(Recipe.PIXEL_CENTRE);
    return model.images() ? values.transpose(0, 3, 1, 2) : values;
  }

  private final class Noise implements DjlBatch {
    private final NDManager manager;
    private final int samples;
    private final NDArray values;
    private final NDArray classes;

    Noise(NDManager manager, int samples, NDArray values, NDArray classes) {
      this.manager = manager;
      this.samples = samples;
      this.values = values;
      this.classes = classes;
    }

    @Override
    public int size() {
      return samples;
    }

    @Override
    public NDManager manager() {
      return manager;
    }

    @Override
    public NDList inputs() {
      return new NDList(values.getDataType() == DataType.UINT8 ? normalised(values) : values);
    }

    @Override
    public Optional<Pixels> rawPixels() {
      return values.getDataType() == DataType.UINT8
          ? Optional.of(new Pixels(values, centre, centre))
          : Optional.empty();
    }

    @Override
    public NDList labels() {
      return new NDList(classes);
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
