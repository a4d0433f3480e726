package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.DjlBatch;

/**
 * What a batch's labels are but for the number of samples, so that each kind is checked once.
 *
 * @param labels each array of them
 */
public record LabelSpec(List<Label> labels) {
  /**
   * One array.
   *
   * @param rows its first size over the number of samples
   * @param row shape of what is left
   */
  record Label(double rows, Shape row, DataType type) {}

  /** Keeps a copy. */
  public LabelSpec {
    labels = List.copyOf(labels);
  }

  /** The spec of a batch. */
  public static LabelSpec of(DjlBatch batch) {
    double samples = samples(batch);
    List<Label> labels = new ArrayList<>();
    for (NDArray array : batch.labels()) {
      Shape shape = array.getShape();
      boolean scalar = shape.dimension() == 0;
      labels.add(
          new Label(
              scalar ? 0 : shape.get(0) / samples,
              scalar ? shape : shape.slice(1),
              array.getDataType()));
    }
    return new LabelSpec(labels);
  }

  /** The number of samples that the network sees. */
  public static long samples(DjlBatch batch) {
    return batch
        .rawPixels()
        .map(pixels -> pixels.values().getShape().get(0))
        .orElseGet(() -> batch.inputs().head().getShape().get(0));
  }
}
