package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.DjlBatch;

/**
 * What a network is compiled for: its inputs but for the number of samples.
 *
 * @param samples shapes of one sample of each input, as the network takes it
 * @param types of each input
 * @param raw whether the only input comes as uint8 pixels that the step normalises
 */
public record InputSpec(List<Shape> samples, List<DataType> types, boolean raw) {
  /** Keeps copies. */
  public InputSpec {
    samples = List.copyOf(samples);
    types = List.copyOf(types);
  }

  /** The spec of a batch. */
  public static InputSpec of(DjlBatch batch) {
    if (batch.rawPixels().isPresent()) {
      Shape pixels = batch.rawPixels().get().values().getShape();
      Shape sample = new Shape(pixels.get(3), pixels.get(1), pixels.get(2));
      return new InputSpec(List.of(sample), List.of(DataType.FLOAT32), true);
    }
    NDList inputs = batch.inputs();
    List<Shape> samples = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (NDArray input : inputs) {
      samples.add(input.getShape().slice(1));
      types.add(input.getDataType());
    }
    return new InputSpec(samples, types, false);
  }

  /** Shapes and types of a sample's inputs, such as {@code (3, 32, 32) float32}. */
  @Override
  public String toString() {
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      inputs.add(samples.get(i) + " " + types.get(i));
    }
    return String.join(", ", inputs);
  }

  /** Zeros of this spec. */
  NDList zeros(NDManager manager, long count) {
    NDList arrays = new NDList();
    for (int i = 0; i < samples.size(); i++) {
      arrays.add(manager.zeros(new Shape(count).addAll(samples.get(i)), types.get(i)));
    }
    return arrays;
  }
}
