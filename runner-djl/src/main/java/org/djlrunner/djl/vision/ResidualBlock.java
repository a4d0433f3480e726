package org.djlrunner.djl.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two or three convolutions with normalisation, added to their input.
 *
 * <p>State-dict names: {@code conv1, bn1, conv2, bn2}, for a bottleneck {@code conv3, bn3}, and
 * {@code downsample.0, downsample.1} where the input must change its shape to be added. The stride
 * of a bottleneck is at its middle convolution, as in torchvision.
 */
final class ResidualBlock extends AbstractBlock {
  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<BatchNorm> norms = new ArrayList<>();
  private final @Nullable SequentialBlock downsample;

  ResidualBlock(boolean bottleneck, int in, int width, int stride) {
    int out = bottleneck ? width * 4 : width;
    if (bottleneck) {
      add(ResidualLayers.convolution(width, 1, 1));
      add(ResidualLayers.convolution(width, 3, stride));
      add(ResidualLayers.convolution(out, 1, 1));
    } else {
      add(ResidualLayers.convolution(width, 3, stride));
      add(ResidualLayers.convolution(out, 3, 1));
    }
    if (stride != 1 || in != out) {
      SequentialBlock shortcut = new SequentialBlock();
      shortcut.add(ResidualLayers.convolution(out, 1, stride)).add(ResidualLayers.norm());
      downsample = addChildBlock("downsample", shortcut);
    } else {
      downsample = null;
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList x = inputs;
    int last = convolutions.size() - 1;
    for (int i = 0; i <= last; i++) {
      x = norms.get(i).forward(store, convolutions.get(i).forward(store, x, training), training);
      if (i < last) {
        x = Activation.relu(x);
      }
    }
    NDArray shortcut =
        downsample == null
            ? inputs.singletonOrThrow()
            : downsample.forward(store, inputs, training).singletonOrThrow();
    return new NDList(Activation.relu(x.singletonOrThrow().add(shortcut)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape[] shapes = inputShapes;
    for (Conv2d convolution : convolutions) {
      shapes = convolution.getOutputShapes(shapes);
    }
    return shapes;
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    Shape[] shapes = inputShapes;
    for (int i = 0; i < convolutions.size(); i++) {
      convolutions.get(i).initialize(manager, type, shapes);
      shapes = convolutions.get(i).getOutputShapes(shapes);
      norms.get(i).initialize(manager, type, shapes);
    }
    if (downsample != null) {
      downsample.initialize(manager, type, inputShapes);
    }
  }

  private void add(Conv2d convolution) {
    int number = convolutions.size() + 1;
    convolutions.add(addChildBlock("conv" + number, convolution));
    norms.add(addChildBlock("bn" + number, ResidualLayers.norm()));
  }
}
