package org.djlrunner.djl.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.vision.LeNet5;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where parameters lie in an arena, and that blocks see them there. */
@DisplayName("D04 parameter arena")
@AlsoOnGpu
class ParameterArenaTest {
  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void matricesAndFiltersComeFirstThenVectorsEachInTheOrderOfTheNetwork() {
    ParameterArena arena = ParameterArena.of(initialised(new LeNet5(10)), manager);

    assertThat(arena.slots())
        .extracting(ArenaSlot::name, ArenaSlot::offset, ArenaSlot::shape)
        .containsExactly(
            tuple("conv1.weight", 0L, new Shape(6, 1, 5, 5)),
            tuple("conv2.weight", 150L, new Shape(16, 6, 5, 5)),
            tuple("fc1.weight", 2550L, new Shape(120, 400)),
            tuple("fc2.weight", 50550L, new Shape(84, 120)),
            tuple("fc3.weight", 60630L, new Shape(10, 84)),
            tuple("conv1.bias", 61470L, new Shape(6)),
            tuple("conv2.bias", 61476L, new Shape(16)),
            tuple("fc1.bias", 61492L, new Shape(120)),
            tuple("fc2.bias", 61612L, new Shape(84)),
            tuple("fc3.bias", 61696L, new Shape(10)));
    assertThat(arena.size()).isEqualTo(61706);
    assertThat(arena.master().getShape()).isEqualTo(new Shape(61706));
  }

  @Test
  void stockBlocksHaveNamesByPositionAndNormalisationThoseOfTorch() {
    Block block = initialised(Networks.normed(), Networks.normedInput());

    assertThat(ParameterNames.of(block).keySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "4.weight",
            "4.bias");
    assertThat(ParameterArena.of(block, manager).slots())
        .extracting(ArenaSlot::name)
        .containsExactly("0.weight", "4.weight", "0.bias", "4.bias", "1.weight", "1.bias");
  }

  @Test
  void movingIntoTheArenaChangesNoValue() {
    Block block = initialised(new LeNet5(10));
    Map<String, float[]> before = values(block);

    ParameterArena.of(block, manager);

    assertThat(values(block)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void filtersAreStoredOutputHeightWidthInput() {
    Block block = initialised(new LeNet5(10));
    ParameterArena arena = ParameterArena.of(block, manager);
    NDArray filters = parameter(block, "conv2.weight");
    float[] storage = arena.master().toFloatArray();

    for (int[] at : new int[][] {{0, 0, 0, 1}, {0, 1, 0, 0}, {3, 2, 4, 1}, {15, 5, 4, 4}}) {
      int place = 150 + ((at[0] * 5 + at[2]) * 5 + at[3]) * 6 + at[1];
      assertThat(filters.getFloat(at[0], at[1], at[2], at[3])).isEqualTo(storage[place]);
    }
  }

  @Test
  void theParametersOfTheBlockAreViewsOfTheArena() {
    Block block = initialised(new LeNet5(10));
    ParameterArena arena = ParameterArena.of(block, manager);

    arena.master().muli(0).addi(manager.arange(0f, (float) arena.size(), 1f));

    assertThat(parameter(block, "conv1.bias").toFloatArray())
        .containsExactly(61470, 61471, 61472, 61473, 61474, 61475);
    assertThat(parameter(block, "conv2.weight").getFloat(0, 1, 0, 0)).isEqualTo(151);
    assertThat(parameter(block, "conv2.weight").getFloat(0, 0, 0, 1)).isEqualTo(156);
    assertThat(parameter(block, "fc1.weight").getFloat(1, 0)).isEqualTo(2950);
  }

  @Test
  void savingByDjlItselfStillGivesTheValuesInTheirShapes() throws Exception {
    Block block = initialised(new LeNet5(10));
    ParameterArena.of(block, manager).master().muli(2);
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    block.saveParameters(new DataOutputStream(saved));
    LeNet5 loaded = new LeNet5(10);

    loaded.loadParameters(
        manager, new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));

    assertThat(values(loaded)).usingRecursiveComparison().isEqualTo(values(block));
  }

  @Test
  void closingFreesTheArena() {
    ParameterArena arena = ParameterArena.of(initialised(new LeNet5(10)), manager);
    NDArray master = arena.master();

    arena.close();

    assertThat(master.isReleased()).isTrue();
  }

  @Test
  void aBlockThatIsNotInitialisedIsRefused() {
    assertThatThrownBy(() -> ParameterArena.of(new LeNet5(10), manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 'conv1.weight' is not initialised; initialise the block first");
  }

  @Test
  void aBlockWithNothingToTrainIsRefused() {
    Block block = initialised(new LeNet5(10));
    block.freezeParameters(true);

    assertThatThrownBy(() -> ParameterArena.of(block, manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model has no trainable parameter");
  }

  @Test
  void parametersThatAreNotFloat32AreRefused() {
    Block block = new SequentialBlock().add(Linear.builder().setUnits(2).build());
    block.initialize(manager, DataType.FLOAT64, new Shape(1, 3));

    assertThatThrownBy(() -> ParameterArena.of(block, manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter '0.weight' is float64; trainable parameters must be float32");
  }

  private Block initialised(LeNet5 network) {
    return initialised(network, network.inputShape());
  }

  private Block initialised(Block block, Shape input) {
    block.initialize(manager, DataType.FLOAT32, input);
    return block;
  }

  private static NDArray parameter(Block block, String name) {
    Parameter parameter = Objects.requireNonNull(ParameterNames.of(block).get(name));
    return parameter.getArray();
  }

  private static Map<String, float[]> values(Block block) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach((name, parameter) -> values.put(name, parameter.getArray().toFloatArray()));
    return values;
  }
}
