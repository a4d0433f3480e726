package org.djlrunner.djl.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.metric.Metric;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("M03 M04 M06 M07 metrics of classification")
@AlsoOnGpu
class ClassificationMetricsTest {
  private static final float NAN = Float.NaN;

  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");
  private final DeviceScalars scalars = new DeviceScalars(manager);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  @DisplayName("M03 top-k accuracy is that of sorting each sample's logits")
  void topk() {
    int samples = 200;
    int classes = 7;
    Random random = new Random(1);
    float[] logits = new float[samples * classes];
    for (int i = 0; i < logits.length; i++) {
      // Few values, so that ties are common.
      logits[i] = random.nextInt(5);
    }
    long[] labels = random.longs(samples, 0, classes).toArray();
    Map<String, Double> expected = new LinkedHashMap<>();
    for (int k : List.of(1, 3, 7)) {
      int hits = 0;
      for (int n = 0; n < samples; n++) {
        int row = n * classes;
        List<Integer> order =
            java.util.stream.IntStream.range(0, classes)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[row + b], logits[row + a]))
                .toList();
        hits += order.subList(0, k).contains((int) labels[n]) ? 1 : 0;
      }
      expected.put("accuracy_top-" + k, 100.0 * hits / samples);
    }

    Map<String, Double> actual =
        accuracies(List.of(1, 3, 7), array(logits, classes), manager.create(labels));

    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, v) -> assertThat(actual.get(name)).isCloseTo(v, within(1e-4)));
  }

  @Test
  @DisplayName("M03 logits that are not numbers are never correct, equal ones not all")
  void brokenLogits() {
    NDArray logits = array(new float[] {NAN, NAN, 0, NAN, 0, 0}, 2);
    NDArray labels = manager.create(new long[] {0, 0, 1});

    assertThat(accuracies(List.of(1, 2), logits, labels))
        .hasEntrySatisfying("accuracy_top-1", v -> assertThat(v).isEqualTo(0))
        .hasEntrySatisfying(
            "accuracy_top-2", v -> assertThat(v).isCloseTo(200 / 3.0, within(1e-4)));
  }

  @Test
  @DisplayName("M03 more than there are classes is refused")
  void tooManyOfThem() {
    TopKAccuracy accuracy = new TopKAccuracy(manager, List.of(1, 5));
    assertThatThrownBy(
            () -> accuracy.of(array(new float[4], 2), manager.create(new long[2]), scalars))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topk [1, 5]")
        .hasMessageContaining("2 classes");
  }

  @Test
  @DisplayName("M04 a confusion matrix adds up over batches; scores follow from it")
  void confusion() {
    ConfusionMatrix metric = new ConfusionMatrix(manager, EnumSet.allOf(ClassScore.class));
    int before = manager.getManagedArrays().size();
    try (ConfusionMatrix.Counts counts = metric.init()) {
      merge(counts, new float[] {5, 0, 0, 0, 1, 0, 0, 9, 8}, 0, 1, 2);
      merge(counts, new float[] {0, 2, 1, 3, NAN, 1}, 0, 0);

      assertThat(counts.matrix())
          .isDeepEqualTo(new long[][] {{1, 1, 0, 1}, {0, 1, 0, 0}, {0, 1, 0, 0}});
      // Class 0: precision 1/1, recall 1/3, F1 1/2; class 1: 1/3, 1/1, 1/2; class 2: nothing.
      Map<String, Double> scores = counts.compute();
      assertThat(scores).containsOnlyKeys("precision", "recall", "f1_score", "support");
      assertThat(scores.get("precision")).isCloseTo(400 / 9.0, within(1e-9));
      assertThat(scores.get("recall")).isCloseTo(400 / 9.0, within(1e-9));
      assertThat(scores.get("f1_score")).isCloseTo(100 / 3.0, within(1e-9));
      assertThat(scores.get("support")).isEqualTo(5);
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  @Test
  @DisplayName("M07 a sample labelled -100 counts in no accuracy, whatever its logits")
  void ignoredInTopk() {
    NDArray logits = array(new float[] {5, 0, 0, 9, 0, 0, 0, 9, 0, 0, 1, 0}, 3);
    NDArray labels = manager.create(new long[] {0, -100, -100, 2});

    assertThat(accuracies(List.of(1, 3), logits, labels))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("accuracy_top-1", 50.0, "accuracy_top-3", 100.0));
  }

  @Test
  @DisplayName("M07 nor in an average over batches, which weigh by the samples that count")
  void ignoredInMeans() {
    try (LogBuffer buffer = new LogBuffer()) {
      long[][] batches = {{0, -100, -100, -100}, {1, 1, 1, 1}, {-100, -100, -100, -100}};
      for (long[] labels : batches) {
        NDArray logits = array(new float[] {1, 0, 1, 0, 1, 0, 1, 0}, 2);
        buffer.nextStep();
        buffer.update(
            new TopKAccuracy(manager, List.of(1)).of(logits, manager.create(labels), scalars), 4);
      }
      assertThat(buffer.average()).containsExactly(Map.entry("accuracy_top-1", 20.0));
    }
  }

  @Test
  @DisplayName("M07 nor in a confusion matrix")
  void ignoredInConfusion() {
    ConfusionMatrix metric = new ConfusionMatrix(manager, EnumSet.allOf(ClassScore.class));
    try (ConfusionMatrix.Counts counts = metric.init()) {
      merge(counts, new float[] {5, 0, 9, 0, 9, 0, NAN, 0}, 0, -100, 1, -100);
      assertThat(counts.matrix()).isDeepEqualTo(new long[][] {{1, 0, 0}, {1, 0, 0}});
      assertThat(counts.compute()).containsEntry("support", 2.0);
    }
  }

  @Test
  @DisplayName("M06 of soft labels the largest is the sample's class")
  void softLabels() {
    NDArray logits = array(new float[] {5, 0, 0, 0, 9, 8, 0, 0, 1}, 3);
    NDArray soft = array(new float[] {0.6f, 0.4f, 0, 0, 0.3f, 0.7f, 0.5f, 0, 0.5f}, 3);

    assertThat(accuracies(List.of(1, 2), logits, soft))
        .isEqualTo(accuracies(List.of(1, 2), logits, manager.create(new long[] {0, 2, 0})));
    ConfusionMatrix metric = new ConfusionMatrix(manager, EnumSet.allOf(ClassScore.class));
    try (ConfusionMatrix.Counts counts = metric.init()) {
      counts.merge(new ClassifiedBatch(logits, soft));
      assertThat(counts.matrix())
          .isDeepEqualTo(new long[][] {{1, 0, 1, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}});
    }
  }

  private void merge(Metric.State<ClassifiedBatch> state, float[] logits, long... labels) {
    try (NDManager step = manager.newSubManager()) {
      NDArray scores = step.create(logits, new Shape(labels.length, logits.length / labels.length));
      state.merge(new ClassifiedBatch(scores, step.create(labels)));
    }
  }

  private Map<String, Double> accuracies(List<Integer> topk, NDArray logits, NDArray labels) {
    Map<String, Double> values = new LinkedHashMap<>();
    new TopKAccuracy(manager, topk)
        .of(logits, labels, scalars)
        .forEach((name, scalar) -> values.put(name, scalar.read()));
    return values;
  }

  private NDArray array(float[] values, int columns) {
    return manager.create(values, new Shape(values.length / columns, columns));
  }
}
