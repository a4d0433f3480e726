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
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.metric.LogBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Metrics over a data set, against the definitions computed sample by sample. */
@DisplayName("V09 V10 evaluation of a classifier")
@AlsoOnGpu
class ClassificationEvaluationTest {
  private static final float NAN = Float.NaN;
  private static final Set<ClassScore> ALL = EnumSet.allOf(ClassScore.class);

  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");
  private final DeviceScalars scalars = new DeviceScalars(manager);

  /** Samples with their logits and labels, -100 for those that don't count. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Samples(int classes, float[][] logits, long[] labels) {
    static Samples random(int count, int classes, long seed) {
      Random random = new Random(seed);
      float[][] logits = new float[count][classes];
      long[] labels = new long[count];
      for (int n = 0; n < count; n++) {
        for (int c = 0; c < classes; c++) {
          logits[n][c] = 2 * (float) random.nextGaussian();
        }
        // The last class never occurs; some samples don't count.
        labels[n] = random.nextInt(10) == 0 ? -100 : random.nextInt(classes - 1);
      }
      return new Samples(classes, logits, labels);
    }

    double[] shares(int n) {
      double largest = Double.NEGATIVE_INFINITY;
      for (float logit : logits[n]) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      double[] shares = new double[classes];
      for (int c = 0; c < classes; c++) {
        shares[c] = Math.exp(logits[n][c] - largest);
        sum += shares[c];
      }
      for (int c = 0; c < classes; c++) {
        shares[c] /= sum;
      }
      return shares;
    }

    int prediction(int n) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = logits[n][c] > logits[n][best] ? c : best;
      }
      return best;
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Feeds the samples in batches and reads all; accuracies come from a log buffer. */
  private Map<String, Double> results(
      ClassificationEvaluation evaluation, Samples samples, int batch) {
    try (LogBuffer buffer = new LogBuffer()) {
      for (int from = 0; from < samples.labels().length; from += batch) {
        int size = Math.min(batch, samples.labels().length - from);
        try (NDManager step = manager.newSubManager()) {
          float[] flat = new float[size * samples.classes()];
          long[] labels = new long[size];
          for (int i = 0; i < size; i++) {
            System.arraycopy(
                samples.logits()[from + i], 0, flat, i * samples.classes(), samples.classes());
            labels[i] = samples.labels()[from + i];
          }
          buffer.nextStep();
          buffer.update(
              evaluation.merge(
                  new ClassifiedBatch(
                      step.create(flat, new Shape(size, samples.classes())), step.create(labels)),
                  scalars),
              size);
        }
      }
      Map<String, Double> results = new LinkedHashMap<>(buffer.average());
      results.putAll(evaluation.compute());
      return results;
    }
  }

  private static ClassificationMetrics metrics(
      List<Double> thresholds, Set<ClassScore> scores, Averaging average, int bins) {
    return new ClassificationMetrics(
        List.of(1, 2),
        thresholds,
        scores,
        average,
        true,
        bins == 0 ? OptionalInt.empty() : OptionalInt.of(bins));
  }

  @Test
  @DisplayName("V09 precision, recall and F1 are their definitions, macro and micro, by thresholds")
  void definitions() {
    Samples samples = Samples.random(500, 6, 1);
    for (Averaging way : List.of(Averaging.MACRO, Averaging.MICRO)) {
      for (double threshold : List.of(0.0, 0.4, 0.7)) {
        Map<String, Double> expected = expected(samples, threshold, way);
        try (ClassificationEvaluation evaluation =
            new ClassificationEvaluation(
                manager, metrics(List.of(threshold), ALL, way, 0), List.of())) {
          Map<String, Double> actual = results(evaluation, samples, 64);
          assertThat(actual).containsOnlyKeys(expected.keySet());
          expected.forEach((name, v) -> assertThat(actual.get(name)).isCloseTo(v, within(1e-4)));
        }
      }
    }
  }

  /** Sample by sample, as scikit-learn defines them with zero_division 0 over all classes. */
  private static Map<String, Double> expected(Samples samples, double threshold, Averaging way) {
    int classes = samples.classes();
    double[] hits = new double[classes];
    double[] predicted = new double[classes];
    double[] support = new double[classes];
    double counted = 0;
    double top1 = 0;
    double top2 = 0;
    for (int n = 0; n < samples.labels().length; n++) {
      int label = (int) samples.labels()[n];
      if (label == -100) {
        continue;
      }
      counted++;
      support[label]++;
      double[] shares = samples.shares(n);
      int best = samples.prediction(n);
      if (shares[best] > threshold) {
        predicted[best]++;
        hits[label] += best == label ? 1 : 0;
        top1 += best == label ? 1 : 0;
      }
      int above = 0;
      for (double share : shares) {
        above += share > shares[label] ? 1 : 0;
      }
      top2 += above < 2 && shares[label] > threshold ? 1 : 0;
    }
    Map<String, Double> expected = new LinkedHashMap<>();
    expected.put("accuracy_top-1", 100 * top1 / counted);
    expected.put("accuracy_top-2", 100 * top2 / counted);
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double allHits = 0;
    double allPredicted = 0;
    for (int c = 0; c < classes; c++) {
      double p = predicted[c] == 0 ? 0 : hits[c] / predicted[c];
      double r = support[c] == 0 ? 0 : hits[c] / support[c];
      precision += 100 * p / classes;
      recall += 100 * r / classes;
      f1 += p + r == 0 ? 0 : 100 * 2 * p * r / (p + r) / classes;
      allHits += hits[c];
      allPredicted += predicted[c];
    }
    if (way == Averaging.MICRO) {
      precision = 100 * allHits / allPredicted;
      recall = 100 * allHits / counted;
      f1 = 2 * precision * recall / (precision + recall);
    }
    expected.put("precision", precision);
    expected.put("recall", recall);
    expected.put("f1_score", f1);
    expected.put("support", counted);
    return expected;
  }

  @Test
  @DisplayName("V10 the calibration error is its definition, whatever the batches")
  void calibration() {
    Samples samples = Samples.random(400, 5, 2);
    int bins = 15;
    double[] counts = new double[bins];
    double[] confidences = new double[bins];
    double[] hits = new double[bins];
    double counted = 0;
    for (int n = 0; n < samples.labels().length; n++) {
      if (samples.labels()[n] != -100) {
        int best = samples.prediction(n);
        double share = samples.shares(n)[best];
        int bin = (int) Math.ceil(share * bins) - 1;
        counts[bin]++;
        confidences[bin] += share;
        hits[bin] += best == samples.labels()[n] ? 1 : 0;
        counted++;
      }
    }
    double expected = 0;
    for (int b = 0; b < bins; b++) {
      expected += Math.abs(hits[b] - confidences[b]) / counted;
    }
    for (int batch : List.of(400, 7)) {
      try (ClassificationEvaluation evaluation =
          new ClassificationEvaluation(
              manager, metrics(List.of(0.0), Set.of(), Averaging.MACRO, bins), List.of())) {
        assertThat(results(evaluation, samples, batch).get("ece"))
            .isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  @DisplayName("V10 a border belongs to the bin below; broken logits are wrong with confidence 1")
  void borders() {
    try (CalibrationError.Sums sums = new CalibrationError(manager, 4).init()) {
      // Two equal logits: confidence 0.5, the border of bins 1 and 2. The third is sure.
      NDArray logits =
          manager.create(new float[] {0, 0, 0, 0, 100, 0, NAN, 0, 0, 9}, new Shape(5, 2));
      sums.merge(new ClassifiedBatch(logits, manager.create(new long[] {0, 1, 0, 0, -100})));
      assertThat(sums.bins())
          .containsExactly(
              new CalibrationError.Bin(0, 0, 0),
              new CalibrationError.Bin(2, 0.5, 0.5),
              new CalibrationError.Bin(0, 0, 0),
              new CalibrationError.Bin(2, 1, 0.5));
      assertThat(sums.compute()).containsExactly(Map.entry("ece", 0.25));
    }
  }

  @Test
  @DisplayName("V10 without a sample that counts there is no calibration error, and scores are 0")
  void nothing() {
    try (ClassificationEvaluation evaluation =
        new ClassificationEvaluation(
            manager, metrics(List.of(0.0), ALL, Averaging.MACRO, 3), List.of())) {
      Samples ignored = new Samples(2, new float[][] {{1, 0}, {0, 1}}, new long[] {-100, -100});
      assertThat(results(evaluation, ignored, 2))
          .isEqualTo(Map.of("precision", 0.0, "recall", 0.0, "f1_score", 0.0, "support", 0.0));
    }
  }

  @Test
  @DisplayName("V09 V11 several thresholds have results and details of their own")
  void thresholds() {
    Samples samples = new Samples(2, new float[][] {{2, 0}, {0, 1}}, new long[] {0, 1});
    try (ClassificationEvaluation evaluation =
        new ClassificationEvaluation(
            manager,
            metrics(List.of(0.0, 0.8), Set.of(ClassScore.RECALL), Averaging.MACRO, 0),
            List.of("cat", "dog"))) {
      // Softmax 0.88 and 0.73.
      assertThat(results(evaluation, samples, 1))
          .isEqualTo(
              Map.of(
                  "accuracy_top-1_thr_0.00",
                  100.0,
                  "accuracy_top-2_thr_0.00",
                  100.0,
                  "accuracy_top-1_thr_0.80",
                  50.0,
                  "accuracy_top-2_thr_0.80",
                  50.0,
                  "recall_thr_0.00",
                  100.0,
                  "recall_thr_0.80",
                  50.0));
      assertThat(evaluation.details())
          .containsEntry("classes", List.of("cat", "dog"))
          .containsEntry(
              "confusion_matrix_thr_0.00", List.of(List.of(1L, 0L, 0L), List.of(0L, 1L, 0L)))
          .containsEntry(
              "confusion_matrix_thr_0.80", List.of(List.of(1L, 0L, 0L), List.of(0L, 0L, 1L)))
          .containsKeys("per_class_thr_0.00", "per_class_thr_0.80", "average_thr_0.80");
    }
  }

  @Test
  @DisplayName("V11 average_mode none leaves the means out; tables and details have each class")
  void tables() {
    Samples samples =
        new Samples(
            3,
            new float[][] {{2, 0, 0}, {0, 1, 0}, {0, 1, 0}, {NAN, 0, 0}},
            new long[] {0, 1, 0, 1});
    try (ClassificationEvaluation evaluation =
        new ClassificationEvaluation(
            manager, metrics(List.of(0.0), ALL, Averaging.NONE, 2), List.of("cat", "dog"))) {
      assertThat(results(evaluation, samples, 2))
          .containsOnlyKeys("accuracy_top-1", "accuracy_top-2", "ece");
      assertThat(evaluation.table())
          .containsExactly(
              "class  precision     recall   f1_score    support",
              "cat       100.00      50.00      66.67          2",
              "dog        50.00      50.00      50.00          2",
              "2           0.00       0.00       0.00          0",
              "macro      50.00      33.33      38.89          4",
              "micro      66.67      50.00      57.14          4",
              "label      cat      dog        2     none",
              "cat          1        1        0        0",
              "dog          0        1        0        1",
              "2            0        0        0        0");
      assertThat(evaluation.details())
          .containsOnlyKeys("classes", "per_class", "average", "confusion_matrix", "calibration");
      assertThat((Map<?, ?>) evaluation.details().get("per_class"))
          .isEqualTo(
              Map.of(
                  "precision",
                  List.of(100.0, 50.0, 0.0),
                  "recall",
                  List.of(50.0, 50.0, 0.0),
                  "f1_score",
                  List.of(200 / 3.0, 50.0, 0.0),
                  "support",
                  List.of(2.0, 2.0, 0.0)));
    }
  }

  @Test
  @DisplayName("V10 of soft labels the largest is meant")
  void softLabels() {
    try (CalibrationError.Sums sums = new CalibrationError(manager, 1).init()) {
      NDArray logits = manager.create(new float[] {3, 0, 0, 3}, new Shape(2, 2));
      NDArray labels = manager.create(new float[] {0.7f, 0.3f, 0.6f, 0.4f}, new Shape(2, 2));
      sums.merge(new ClassifiedBatch(logits, labels));
      assertThat(sums.bins().get(0).accuracy()).isEqualTo(0.5);
    }
  }

  @Test
  @DisplayName("V09 all is freed when an evaluation is closed")
  void freed() {
    int before = manager.getManagedArrays().size();
    ClassificationEvaluation evaluation =
        new ClassificationEvaluation(
            manager, metrics(List.of(0.0, 0.5), ALL, Averaging.MACRO, 5), List.of());
    results(evaluation, Samples.random(20, 3, 3), 5);
    evaluation.close();
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  @Test
  @DisplayName("V12 numbers out of range are refused")
  void refused() {
    assertThatThrownBy(() -> ClassificationMetrics.accuracy(0))
        .hasMessageContaining("topk must be 1 or more");
    assertThatThrownBy(() -> metrics(List.of(1.0), ALL, Averaging.MACRO, 0))
        .hasMessageContaining("thrs must be numbers of 0 or more and below 1, got [1.0]");
    assertThatThrownBy(() -> metrics(List.of(), ALL, Averaging.MACRO, 0))
        .hasMessageContaining("thrs");
    assertThatThrownBy(() -> metrics(List.of(0.0), ALL, Averaging.MACRO, -1))
        .hasMessageContaining("bins must be 1 or more");
  }
}
