package org.djlrunner.djl.vision;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;

/** The two layers that residual networks are made of, as torchvision sets them up. */
final class ResidualLayers {
  private ResidualLayers() {}

  /** A convolution without bias, padded to keep the size, He-initialised by fan-out. */
  static Conv2d convolution(int filters, int kernel, int stride) {
    Conv2d convolution =
        Conv2d.builder()
            .setFilters(filters)
            .setKernelShape(new Shape(kernel, kernel))
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(kernel / 2, kernel / 2))
            .optBias(false)
            .build();
    float deviation = (float) Math.sqrt(2.0 / ((double) filters * kernel * kernel));
    convolution.setInitializer(
        (manager, shape, type) -> manager.randomNormal(0, deviation, shape, type),
        Parameter.Type.WEIGHT);
    return convolution;
  }

  /** Batch normalisation with PyTorch's constants: epsilon 1e-5, running averages move by 0.1. */
  static BatchNorm norm() {
    return BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build();
  }
}
