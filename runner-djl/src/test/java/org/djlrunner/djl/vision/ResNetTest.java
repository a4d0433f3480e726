package org.djlrunner.djl.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Objects;
import org.djlrunner.djl.param.ParameterNames;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetTest {
  private static long trainable(ResNet network) {
    return ParameterNames.of(network).values().stream()
        .filter(parameter -> parameter.requiresGradient())
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  @ParameterizedTest
  @CsvSource({"18, 11689512", "34, 21797672", "50, 25557032", "101, 44549160", "152, 60192808"})
  @DisplayName("D12 every depth has as many parameters as torchvision's")
  void parameters(int depth, long expected) {
    ResNet network = new ResNet(ResNetDepth.of(depth), 1000, false);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      assertThat(trainable(network)).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("D12 the small stem keeps images of 32 pixels large, for any number of channels")
  void smallStem() {
    ResNet network = new ResNet(ResNetDepth.R18, 10, true);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
      assertThat(trainable(network)).isEqualTo(11_173_962);
      NDArray logits =
          network
              .forward(
                  new ParameterStore(manager, false),
                  new NDList(manager.zeros(new Shape(2, 3, 32, 32))),
                  false)
              .singletonOrThrow();
      assertThat(logits.getShape()).isEqualTo(new Shape(2, 10));
      assertThat(network.getOutputShapes(new Shape[] {new Shape(2, 3, 32, 32)}))
          .containsExactly(logits.getShape());
    }
  }

  @Test
  @DisplayName("D12 filters start with torchvision's spread: deviation sqrt(2 / fan-out)")
  void initialisation() {
    ResNet network = new ResNet(ResNetDepth.R18, 10, true);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
      NDArray filter = array(network, "layer4.1.conv2.weight");
      double deviation = Math.sqrt(filter.square().mean().getFloat());
      assertThat(deviation)
          .isBetween(0.99 * Math.sqrt(2.0 / (512 * 9)), 1.01 * Math.sqrt(2.0 / (512 * 9)));
      assertThat(array(network, "layer4.1.bn2.weight").mean().getFloat()).isEqualTo(1);
      assertThat(array(network, "fc.weight").max().getFloat())
          .isLessThanOrEqualTo((float) (1 / Math.sqrt(512)));
    }
  }

  @Test
  @DisplayName("D12 other depths are refused")
  void depths() {
    assertThatThrownBy(() -> ResNetDepth.of(20)).hasMessageContaining("18, 34, 50, 101 or 152");
    assertThatThrownBy(() -> new ResNet(ResNetDepth.R18, 0, false)).hasMessageContaining("class");
  }

  private static NDArray array(ResNet network, String name) {
    return Objects.requireNonNull(ParameterNames.of(network).get(name), name).getArray();
  }
}
