package org.djlrunner.djl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * LeNet-5 (LeCun et al. 1998) in today's form, with rectifiers and max pooling, for images of 28 by
 * 28 pixels.
 *
 * <p>{@code [N, C, 28, 28] float32} to logits {@code [N, classes] float32}: convolutions of 6 and
 * 16 filters of 5 by 5, the first padded by 2, each followed by pooling of 2, then layers of 120
 * and 84 units. State-dict names: {@code conv1, conv2, fc1, fc2, fc3}. Initialised as PyTorch's
 * layers are by default.
 */
public final class LeNet5 extends AbstractBlock {
  private static final int SIZE = 28;
  private static final Shape WINDOW = new Shape(2, 2);
  private static final Shape NO_PADDING = new Shape(0, 0);

  private final int inChannels;
  private final Conv2d conv1;
  private final Conv2d conv2;
  private final Linear fc1;
  private final Linear fc2;
  private final Linear fc3;
  private final int classes;

  /** A network for grey images. */
  public LeNet5(int classes) {
    this(classes, 1);
  }

  /**
   * A network.
   *
   * @param classes number of classes, at least 1
   * @param inChannels channels of the images, at least 1
   */
  public LeNet5(int classes, int inChannels) {
    if (classes < 1 || inChannels < 1) {
      throw new IllegalArgumentException(
          "LeNet5 needs at least one class and one channel, got " + classes + " and " + inChannels);
    }
    this.classes = classes;
    this.inChannels = inChannels;
    conv1 = convolution("conv1", inChannels, 6, 2);
    conv2 = convolution("conv2", 6, 16, 0);
    fc1 = linear("fc1", 16 * 5 * 5, 120);
    fc2 = linear("fc2", 120, 84);
    fc3 = linear("fc3", 84, classes);
  }

  /** The shape of a batch of one: {@code [1, C, 28, 28]}. */
  public Shape inputShape() {
    return new Shape(1, inChannels, SIZE, SIZE);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList x = pooled(conv1.forward(store, inputs, training));
    x = pooled(conv2.forward(store, x, training));
    NDArray flat = x.singletonOrThrow().reshape(-1, 16 * 5 * 5);
    x = Activation.relu(fc1.forward(store, new NDList(flat), training));
    x = Activation.relu(fc2.forward(store, x, training));
    return fc3.forward(store, x, training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape input = inputShapes[0];
    if (input.dimension() != 4
        || input.get(1) != inChannels
        || input.get(2) != SIZE
        || input.get(3) != SIZE) {
      throw new IllegalArgumentException(
          "LeNet5 takes images [N, " + inChannels + ", 28, 28], got " + input);
    }
    return new Shape[] {new Shape(input.get(0), classes)};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    getOutputShapes(inputShapes);
    conv1.initialize(manager, type, inputShapes[0]);
    conv2.initialize(manager, type, new Shape(1, 6, 14, 14));
    fc1.initialize(manager, type, new Shape(1, 16 * 5 * 5));
    fc2.initialize(manager, type, new Shape(1, 120));
    fc3.initialize(manager, type, new Shape(1, 84));
  }

  private static NDList pooled(NDList x) {
    // The maximum of rectified values is the rectified maximum, a quarter of the work.
    NDArray largest = Pool.maxPool2d(x.singletonOrThrow(), WINDOW, WINDOW, NO_PADDING, false);
    return new NDList(Activation.relu(largest));
  }

  private Conv2d convolution(String name, int in, int out, int padding) {
    Conv2d conv =
        Conv2d.builder()
            .setFilters(out)
            .setKernelShape(new Shape(5, 5))
            .optPadding(new Shape(padding, padding))
            .build();
    return initialised(addChildBlock(name, conv), in * 25);
  }

  private Linear linear(String name, int in, int out) {
    return initialised(addChildBlock(name, Linear.builder().setUnits(out).build()), in);
  }

  /** Weight and bias uniform in ±1/sqrt(fan-in), PyTorch's default. */
  private static <B extends AbstractBlock> B initialised(B block, int fanIn) {
    UniformInitializer uniform = new UniformInitializer((float) (1 / Math.sqrt(fanIn)));
    block.setInitializer(uniform, Parameter.Type.WEIGHT);
    block.setInitializer(uniform, Parameter.Type.BIAS);
    return block;
  }
}
