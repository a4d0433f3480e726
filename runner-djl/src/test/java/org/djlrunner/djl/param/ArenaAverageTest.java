package org.djlrunner.djl.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArenaAverageTest {
  @TempDir private Path folder;
  private final Block block = Networks.normed();
  private final DjlModelStep<ArrayBatch> model =
      new DjlModelStep<>(
          block, Loss.softmaxCrossEntropyLoss(), Devices.tested(), 3, Networks.normedInput());

  @AfterEach
  void close() {
    model.close();
  }

  private float[] master() {
    return model.arena().master().toFloatArray();
  }

  private void scaleWeights(double factor) {
    model.arena().master().muli(factor);
  }

  /** A parameter's values as the block holds them. */
  private float[] held(String name) {
    return Objects.requireNonNull(ParameterNames.of(block).get(name)).getArray().toFloatArray();
  }

  private float[] beside(String name) {
    try (NDManager scope = model.manager().newSubManager()) {
      return Objects.requireNonNull(model.average().values(scope).get(name)).toFloatArray();
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("A01 the arena's average follows average + rate * (weights - average) in float32")
  void numbers() {
    ArenaAverage average = model.average();
    double[] expected = doubles(master());
    for (int i = 1; i <= 20; i++) {
      scaleWeights(i % 2 == 0 ? 0.5 : 1.7);
      double rate = 1.0 / (i + 1);
      average.update(rate);
      float[] weights = master();
      for (int k = 0; k < expected.length; k++) {
        expected[k] += rate * (weights[k] - expected[k]);
      }
    }
    average.swap();
    assertThat(doubles(master())).containsExactly(expected, within(2e-5));
  }

  @AlsoOnGpu
  @ParameterizedTest
  @ValueSource(ints = {1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 3 * (1 << 18) + 7})
  @DisplayName("A01 D13 update and swap reach every element, around the size of a slice too")
  void sizes(int size) {
    Block layer = Linear.builder().setUnits(1).optBias(false).build();
    try (DjlModelStep<ArrayBatch> wide =
        new DjlModelStep<>(layer, Loss.l2Loss(), Devices.tested(), 0, new Shape(1, size))) {
      ArenaAverage average = wide.average();
      try (NDArray count = wide.manager().arange(0, size, 1, DataType.FLOAT32)) {
        wide.arena().master().muli(0).addi(count);
        average.begin();
        wide.arena().master().addi(2);
        average.update(0.5);
        average.swap();
        try (NDArray error = wide.arena().master().sub(count.add(1)).abs().max()) {
          assertThat(error.getFloat()).isZero();
        }
      }
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("A04 a swap is exact, reaches the block, and the next one brings all back")
  void swap() {
    ArenaAverage average = model.average();
    float[] before = master();
    scaleWeights(3);
    float[] trained = master();
    average.swap();
    assertThat(average.isSwappedIn()).isTrue();
    assertThat(master()).isEqualTo(before);
    assertThat(held("0.weight")).isNotEqualTo(beside("0.weight"));
    average.swap();
    assertThat(average.isSwappedIn()).isFalse();
    assertThat(master()).isEqualTo(trained);
  }

  @Test
  @DisplayName("A04 training goes on after a swap as if there had been none")
  void trainingGoesOn() {
    float[] plain = trained(false);
    assertThat(trained(true)).isEqualTo(plain);
  }

  private static float[] trained(boolean swapping) {
    try (DjlModelStep<ArrayBatch> other =
            new DjlModelStep<>(
                Networks.normed(),
                Loss.softmaxCrossEntropyLoss(),
                Devices.tested(),
                3,
                Networks.normedInput());
        Sgd sgd = new Sgd(other.arena(), SgdOptions.lr(0.1), other.scalars())) {
      ArenaAverage average = other.average();
      for (int i = 0; i < 4; i++) {
        Steps.train(other, sgd, Networks.batch(other.manager(), 8, Networks.normedInput(), i));
        if (swapping) {
          average.update(0.5);
          average.swap();
          Steps.validate(other, Networks.batch(other.manager(), 8, Networks.normedInput(), 9));
          average.swap();
        }
      }
      return other.arena().master().toFloatArray();
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("A06 freezing keeps averages by name; what joins begins with its value")
  void freezing() {
    ArenaAverage average = model.average();
    scaleWeights(3);
    float[] bias = beside("4.bias");
    float[] filter = beside("0.weight");
    model.freeze(name -> name.equals("4.weight"));
    assertThat(beside("0.weight")).isEqualTo(filter);
    assertThat(beside("4.bias")).isEqualTo(bias);
    model.unfreeze(name -> name.equals("4.weight"));
    assertThat(beside("4.weight")).isEqualTo(held("4.weight"));
    assertThat(beside("0.weight")).isEqualTo(filter).isNotEqualTo(held("0.weight"));
    average.swap();
    assertThatThrownBy(() -> model.freeze(name -> name.equals("4.weight")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("between two training iterations");
  }

  @AlsoOnGpu
  @Test
  @DisplayName("A05 a file holds averages under plain names and weights in training under raw.")
  void bothSetsInTheFile() throws IOException {
    ArenaAverage average = model.average();
    DjlCheckpointCodec codec = new DjlCheckpointCodec(model);
    float[] averaged = held("0.weight");
    scaleWeights(3);
    float[] trained = held("0.weight");
    Path plain = folder.resolve("plain.safetensors");
    codec.write(plain, Map.of());
    assertThat(SafetensorsReader.open(plain).tensors().keySet())
        .noneMatch(name -> name.startsWith("raw."));
    Path both = folder.resolve("both.safetensors");
    average.swap();
    codec.write(both, Map.of());
    average.swap();
    var tensors = SafetensorsReader.open(both).tensors();
    for (ArenaSlot slot : model.arena().slots()) {
      assertThat(tensors).containsKeys(slot.name(), "raw." + slot.name());
    }
    assertThat(floats(Objects.requireNonNull(tensors.get("0.weight")))).isEqualTo(averaged);
    assertThat(floats(Objects.requireNonNull(tensors.get("raw.0.weight")))).isEqualTo(trained);
    // Names of parameters only: running statistics exist once.
    assertThat(tensors).doesNotContainKey("raw.1.running_mean");
    codec.load(both);
    assertThat(held("0.weight")).isEqualTo(averaged);
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().size()];
    tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
