package org.djlrunner.benchmarks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.Arrays;
import java.util.List;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;

/** The networks that peers train, all of DJL's blocks. */
public enum Yardstick {
  /** LeNet-5 on grey images of 28 pixels. */
  LENET5("lenet5", 10, 64, 28, 28, 1),
  /** ResNet-18 with the 3 by 3 stem, 11.2 M parameters, on images of 32 pixels. */
  CIFAR_RESNET18("cifar-resnet18", 10, 64, 32, 32, 3),
  /** ResNet-50 on images of 224 pixels. */
  RESNET50("resnet50", 1000, 8, 224, 224, 3),
  /** 40 linear and tanh layers of width 4: what the host costs an iteration. */
  DEEP_NARROW("deep-narrow", 4, 2, 4);

  final String label;
  final int classes;
  final int usualBatch;

  // The list is immutable, which its type doesn't say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Long> sample;

  Yardstick(String label, int classes, int usualBatch, long... sample) {
    this.label = label;
    this.classes = classes;
    this.usualBatch = usualBatch;
    this.sample = Arrays.stream(sample).boxed().toList();
  }

  /** A new network without weights. */
  Block network() {
    return switch (this) {
      case LENET5 -> new LeNet5(classes);
      case CIFAR_RESNET18 -> new ResNet(ResNetDepth.R18, classes, true);
      case RESNET50 -> new ResNet(ResNetDepth.R50, classes, false);
      case DEEP_NARROW -> {
        SequentialBlock layers = new SequentialBlock();
        for (int i = 0; i < 40; i++) {
          layers.add(Linear.builder().setUnits(4).build()).add(Activation.tanhBlock());
        }
        yield layers;
      }
    };
  }

  boolean images() {
    return sample.size() == 3;
  }

  /** A batch as it is stored: {@code [N, H, W, C]}, or {@code [N, 4]}. */
  Shape stored(int batch) {
    return images()
        ? new Shape(batch, sample.get(0), sample.get(1), sample.get(2))
        : new Shape(batch, sample.get(0));
  }

  /** A batch as the network takes it: {@code [N, C, H, W]}, or {@code [N, 4]}. */
  Shape input(int batch) {
    return images()
        ? new Shape(batch, sample.get(2), sample.get(0), sample.get(1))
        : new Shape(batch, sample.get(0));
  }

  static Yardstick of(String label) {
    for (Yardstick model : values()) {
      if (model.label.equals(label)) {
        return model;
      }
    }
    throw new IllegalArgumentException(
        "no model '" + label + "'; see Yardstick for those there are");
  }
}
