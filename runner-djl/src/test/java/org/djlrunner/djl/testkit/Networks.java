package org.djlrunner.djl.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.util.Random;

/** Small stock networks and batches of numbers drawn from a seed. */
public final class Networks {
  private Networks() {}

  /** Convolution, normalisation, rectifier and layer, for images {@code [N, 3, 8, 8]}. */
  public static Block normed() {
    return normed(true);
  }

  /** The same, where the convolution may lack its bias, which normalisation cancels anyway. */
  public static Block normed(boolean bias) {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .setFilters(4)
                .optBias(bias)
                .build())
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  /** The input of {@link #normed}, a batch of one. */
  public static Shape normedInput() {
    return new Shape(1, 3, 8, 8);
  }

  /** A batch of bell-shaped numbers with labels 0 to 9 in turn. */
  public static ArrayBatch batch(NDManager parent, int size, Shape one, long seed) {
    long[] shape = one.getShape();
    shape[0] = size;
    return new ArrayBatch(
        parent,
        size,
        manager -> new NDList(numbers(manager, new Shape(shape), seed)),
        manager ->
            new NDList(
                manager.arange(0, size, 1, DataType.INT32).mod(10).toType(DataType.INT64, true)));
  }

  /** Bell-shaped numbers drawn from a seed. */
  public static NDArray numbers(NDManager manager, Shape shape, long seed) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }
}
