package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Evaluation;

/**
 * A classifier's evaluation: accuracies batch by batch, and what is gathered over the data set.
 *
 * <p>All of it is added up on the device and read once, by {@link #compute}.
 */
public final class ClassificationEvaluation implements Evaluation {
  private final ClassificationMetrics metrics;
  private final List<String> classes;
  private final TopKAccuracy accuracy;
  private final List<ConfusionMatrix.Counts> counts = new ArrayList<>();
  private final List<CalibrationError.Sums> sums = new ArrayList<>();
  private final Map<String, Object> details = new LinkedHashMap<>();
  private final List<String> table = new ArrayList<>();

  /**
   * An evaluation without samples yet.
   *
   * @param manager on its device all is added up
   * @param metrics what is asked for
   * @param classes their names; those missing are called by their number
   */
  public ClassificationEvaluation(
      NDManager manager, ClassificationMetrics metrics, List<String> classes) {
    this.metrics = metrics;
    this.classes = List.copyOf(classes);
    accuracy = new TopKAccuracy(manager, metrics.topk(), metrics.thresholds());
    if (metrics.countsClasses()) {
      for (double threshold : metrics.thresholds()) {
        counts.add(new ConfusionMatrix(manager, Set.of(), threshold).init());
      }
    }
    metrics
        .calibrationBins()
        .ifPresent(bins -> sums.add(new CalibrationError(manager, bins).init()));
  }

  /**
   * Adds a batch without reading the device.
   *
   * @param scalars comes to own what is returned
   * @return the batch's accuracies by name
   */
  public Map<String, Scalar> merge(ClassifiedBatch batch, DeviceScalars scalars) {
    counts.forEach(state -> state.merge(batch));
    sums.forEach(state -> state.merge(batch));
    return accuracy.of(batch.logits(), batch.labels(), scalars);
  }

  @Override
  public Map<String, Double> compute() {
    Map<String, Double> results = new LinkedHashMap<>();
    details.clear();
    table.clear();
    for (int t = 0; t < counts.size(); t++) {
      long[][] matrix = counts.get(t).matrix();
      String suffix =
          ClassificationMetrics.suffix(metrics.thresholds().get(t), metrics.thresholds());
      add(new ClassReport(matrix), matrix, suffix, results);
    }
    for (CalibrationError.Sums state : sums) {
      List<CalibrationError.Bin> bins = state.bins();
      results.putAll(CalibrationError.Sums.error(bins));
      details.put("calibration", bins.stream().map(ClassificationEvaluation::describe).toList());
    }
    return results;
  }

  private void add(
      ClassReport report, long[][] matrix, String suffix, Map<String, Double> results) {
    List<String> names = names(report.classes());
    details.put("classes", names);
    if (!metrics.scores().isEmpty()) {
      for (ClassScore score : ClassScore.values()) {
        if (metrics.scores().contains(score) && metrics.average() != Averaging.NONE) {
          results.put(score.word() + suffix, report.average(score, metrics.average()));
        }
      }
      details.put("per_class" + suffix, perClass(report));
      details.put("average" + suffix, averages(report));
      table.addAll(ClassTables.scores(report, names, suffix));
    }
    if (metrics.confusionMatrix()) {
      details.put("confusion_matrix" + suffix, rows(matrix));
      table.addAll(ClassTables.confusion(matrix, names, suffix));
    }
  }

  /** Each score's values in the order of the classes. */
  private static Map<String, Object> perClass(ClassReport report) {
    Map<String, Object> scores = new LinkedHashMap<>();
    for (ClassScore score : ClassScore.values()) {
      List<Double> values = new ArrayList<>();
      for (int c = 0; c < report.classes(); c++) {
        values.add(report.of(score, c));
      }
      scores.put(score.word(), values);
    }
    return scores;
  }

  private static Map<String, Object> averages(ClassReport report) {
    Map<String, Object> averages = new LinkedHashMap<>();
    for (Averaging way : List.of(Averaging.MACRO, Averaging.MICRO)) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (ClassScore score : ClassScore.values()) {
        values.put(score.word(), report.average(score, way));
      }
      averages.put(way.name().toLowerCase(Locale.ROOT), values);
    }
    return averages;
  }

  private static List<List<Long>> rows(long[][] matrix) {
    List<List<Long>> rows = new ArrayList<>();
    for (long[] row : matrix) {
      rows.add(Arrays.stream(row).boxed().toList());
    }
    return rows;
  }

  private static Map<String, Object> describe(CalibrationError.Bin bin) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("samples", bin.samples());
    described.put("confidence", bin.confidence());
    described.put("accuracy", bin.accuracy());
    return described;
  }

  private List<String> names(int outputs) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      names.add(c < classes.size() ? classes.get(c) : Integer.toString(c));
    }
    return names;
  }

  /**
   * {@code classes}, {@code per_class}, {@code average}, {@code confusion_matrix}, {@code
   * calibration}.
   */
  @Override
  public Map<String, Object> details() {
    return new LinkedHashMap<>(details);
  }

  @Override
  public List<String> table() {
    return List.copyOf(table);
  }

  @Override
  public void close() {
    accuracy.close();
    counts.forEach(ConfusionMatrix.Counts::close);
    sums.forEach(CalibrationError.Sums::close);
  }
}
