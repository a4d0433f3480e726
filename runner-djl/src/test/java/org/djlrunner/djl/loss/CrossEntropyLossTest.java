package org.djlrunner.djl.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("M01 M02 M06 M08 cross entropy")
@AlsoOnGpu
class CrossEntropyLossTest {
  private static final JsonNode RECORDED = recorded();

  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");
  private final boolean gradients = JniUtils.isGradMode();

  @AfterEach
  void close() {
    JniUtils.setGradMode(gradients);
    manager.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("M01 loss and gradient are PyTorch's")
  void recordedCase(String name, JsonNode recorded) {
    JniUtils.setGradMode(true);
    NDArray logits = RecordedTensor.of(RECORDED.path("logits")).create(manager);
    logits.setRequiresGradient(true);

    NDArray value = loss(recorded).evaluate(labels(recorded), new NDList(logits));
    JniUtils.backward((PtNDArray) value, (PtNDArray) manager.ones(new Shape()), false, false);

    assertThat(value.getFloat()).isCloseTo(number(recorded, "loss"), within(1e-6f));
    List<Float> expected = RecordedTensor.flat(recorded.path("gradient"));
    float[] actual = logits.getGradient().toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected.get(i), within(1e-6f));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("M02 it works without gradients and leaves nothing but its result behind")
  void evaluation(String name, JsonNode recorded) {
    JniUtils.setGradMode(false);
    NDArray logits = RecordedTensor.of(RECORDED.path("logits")).create(manager);
    NDList labels = labels(recorded);
    int before = manager.getManagedArrays().size();

    try (NDArray value = loss(recorded).evaluate(labels, new NDList(logits))) {
      assertThat(value.getFloat()).isCloseTo(number(recorded, "loss"), within(1e-6f));
    }

    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("M08 a placed loss computes the same, from arrays that its manager owns")
  void placed(String name, JsonNode recorded) {
    NDArray logits = RecordedTensor.of(RECORDED.path("logits")).create(manager);
    NDList labels = labels(recorded);
    try (NDManager owner = manager.newSubManager()) {
      CrossEntropyLoss placed = loss(recorded).on(owner);
      int before = LiveCount.below(manager);
      for (int i = 0; i < 2; i++) {
        try (NDArray value = placed.evaluate(labels, new NDList(logits))) {
          assertThat(value.getFloat()).isCloseTo(number(recorded, "loss"), within(1e-6f));
        }
      }
      assertThat(LiveCount.below(manager)).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("M08 its class weights are read where they lie, not copied for each batch")
  void placedOnce() {
    CrossEntropyLoss loss = CrossEntropyLoss.hard().withClassWeights(List.of(1.0, 1.0)).on(manager);
    NDArray weights =
        manager.getManagedArrays().stream()
            .filter(array -> array.getShape().equals(new Shape(2)))
            .findFirst()
            .orElseThrow();
    NDList logits = new NDList(manager.create(new float[] {0, 1, 3, 0}, new Shape(2, 2)));
    NDList labels = new NDList(manager.create(new long[] {0, 1}));
    float even = loss.evaluate(labels, logits).getFloat();

    weights.set(new float[] {1, 0});

    float first = loss.evaluate(labels, logits).getFloat();
    assertThat((double) first).isCloseTo(Math.log(1 + Math.E), within(1e-6));
    assertThat(even).isNotEqualTo(first);
  }

  @Test
  @DisplayName("M02 half logits give a float32 loss")
  void halfLogits() {
    NDArray logits = manager.create(new float[] {1, 2, 3, 3}, new Shape(2, 2));
    NDList half = new NDList(logits.toType(DataType.FLOAT16, true));
    NDList labels = new NDList(manager.create(new long[] {0, 1}));

    NDArray value = CrossEntropyLoss.hard().evaluate(labels, half);

    double expected = (Math.log(1 + Math.E) + Math.log(2)) / 2;
    assertThat(value.getDataType()).isEqualTo(DataType.FLOAT32);
    assertThat((double) value.getFloat()).isCloseTo(expected, within(1e-6));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("M06 a loss for soft labels takes hard ones as one for hard labels does")
  void softTakesHard(String name, JsonNode recorded) {
    CrossEntropyLoss loss = loss(recorded, CrossEntropyLoss.soft());
    NDList logits = new NDList(RecordedTensor.of(RECORDED.path("logits")).create(manager));

    NDArray value = loss.evaluate(labels(recorded), logits);

    assertThat(value.getFloat()).isCloseTo(number(recorded, "loss"), within(1e-6f));
  }

  @Test
  @DisplayName("M02 labels, weights and smoothing that don't fit are refused with what was seen")
  void wrongArguments() {
    NDList logits = new NDList(manager.ones(new Shape(2, 3)));
    NDList hard = new NDList(manager.create(new long[] {0, 1}));
    NDList soft = new NDList(manager.ones(new Shape(2, 3)));
    assertThatThrownBy(() -> CrossEntropyLoss.hard().evaluate(soft, logits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "hard labels for logits (2, 3) must be (2) int64, got (2, 3) float32;"
                + " for probabilities, (2, 3) float32, use CrossEntropyLoss.soft()");
    NDList wrong = new NDList(manager.create(new int[] {0, 1}));
    assertThatThrownBy(() -> CrossEntropyLoss.soft().evaluate(wrong, logits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labels for logits (2, 3) must be (2) int64 or (2, 3) float32, got (2) int32");
    assertThatThrownBy(
            () -> CrossEntropyLoss.hard().withClassWeights(List.of(1.0)).evaluate(hard, logits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 1 class weights for logits (2, 3)");
    assertThatThrownBy(() -> CrossEntropyLoss.hard().withSmoothing(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 1, got NaN");
  }

  static Stream<Arguments> cases() {
    return StreamSupport.stream(RECORDED.path("cases").spliterator(), false)
        .map(c -> Arguments.of(c.path("name").asText(), c));
  }

  private static CrossEntropyLoss loss(JsonNode recorded) {
    return loss(recorded, isSoft(recorded) ? CrossEntropyLoss.soft() : CrossEntropyLoss.hard());
  }

  private static CrossEntropyLoss loss(JsonNode recorded, CrossEntropyLoss loss) {
    List<Double> weights =
        RecordedTensor.flat(recorded.path("weights")).stream().map(Float::doubleValue).toList();
    return recorded.path("weights").isArray()
        ? loss.withSmoothing(recorded.path("smoothing").asDouble()).withClassWeights(weights)
        : loss.withSmoothing(recorded.path("smoothing").asDouble());
  }

  private NDList labels(JsonNode recorded) {
    if (isSoft(recorded)) {
      return new NDList(RecordedTensor.of(RECORDED.path("soft_labels")).create(manager));
    }
    NDArray labels = RecordedTensor.of(RECORDED.path("labels")).create(manager);
    return new NDList(labels.toType(DataType.INT64, false));
  }

  private static boolean isSoft(JsonNode recorded) {
    return recorded.path("soft").asBoolean();
  }

  private static float number(JsonNode recorded, String key) {
    return (float) recorded.path(key).asDouble();
  }

  private static JsonNode recorded() {
    String name = "/vectors/loss/cross_entropy.json";
    try (InputStream in = CrossEntropyLossTest.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readTree(Objects.requireNonNull(in, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
