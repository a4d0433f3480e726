package org.djlrunner.djl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * ResNet (He et al. 2015) as torchvision builds it, with its state-dict names and initialisation.
 *
 * <p>{@code [N, C, H, W] float32} to logits {@code [N, classes] float32}. The stem is 7 by 7 with
 * stride 2 and max pooling, or for small images such as CIFAR's 3 by 3 with stride 1 and no
 * pooling.
 */
public final class ResNet extends AbstractBlock implements AnyImageSize {
  private final ResNetDepth depth;
  private final int classes;
  private final boolean smallStem;
  private final Conv2d conv1;
  private final BatchNorm bn1;
  private final SequentialBlock[] layers = new SequentialBlock[4];
  private final Linear fc;

  /**
   * A network.
   *
   * @param depth number of layers and kind of block
   * @param classes number of classes, at least 1
   * @param smallStem whether the stem is the one for images of about 32 pixels
   */
  public ResNet(ResNetDepth depth, int classes, boolean smallStem) {
    if (classes < 1) {
      throw new IllegalArgumentException("ResNet needs at least one class, got " + classes);
    }
    this.depth = depth;
    this.classes = classes;
    this.smallStem = smallStem;
    conv1 =
        addChildBlock(
            "conv1",
            smallStem
                ? ResidualLayers.convolution(64, 3, 1)
                : ResidualLayers.convolution(64, 7, 2));
    bn1 = addChildBlock("bn1", ResidualLayers.norm());
    int in = 64;
    for (int i = 0; i < layers.length; i++) {
      int width = 64 << i;
      SequentialBlock layer = new SequentialBlock();
      for (int b = 0; b < depth.blocks()[i]; b++) {
        int stride = b == 0 && i > 0 ? 2 : 1;
        layer.add(new ResidualBlock(depth.bottleneck(), in, width, stride));
        in = width * depth.expansion();
      }
      layers[i] = addChildBlock("layer" + (i + 1), layer);
    }
    fc = addChildBlock("fc", Linear.builder().setUnits(classes).build());
    UniformInitializer uniform = new UniformInitializer((float) (1 / Math.sqrt(in)));
    fc.setInitializer(uniform, Parameter.Type.WEIGHT);
    fc.setInitializer(uniform, Parameter.Type.BIAS);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList x =
        Activation.relu(bn1.forward(store, conv1.forward(store, inputs, training), training));
    if (!smallStem) {
      x = new NDList(pooled(x.singletonOrThrow()));
    }
    for (SequentialBlock layer : layers) {
      x = layer.forward(store, x, training);
    }
    NDArray features = Pool.globalAvgPool2d(x.singletonOrThrow());
    return fc.forward(store, new NDList(features), training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), classes)};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    conv1.initialize(manager, type, inputShapes);
    Shape[] shape = conv1.getOutputShapes(inputShapes);
    bn1.initialize(manager, type, shape);
    if (!smallStem) {
      shape = new Shape[] {halved(shape[0])};
    }
    for (SequentialBlock layer : layers) {
      layer.initialize(manager, type, shape);
      shape = layer.getOutputShapes(shape);
    }
    fc.initialize(manager, type, new Shape(1, 512L * depth.expansion()));
  }

  private static NDArray pooled(NDArray x) {
    return Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }

  private static Shape halved(Shape shape) {
    return new Shape(shape.get(0), shape.get(1), (shape.get(2) + 1) / 2, (shape.get(3) + 1) / 2);
  }
}
