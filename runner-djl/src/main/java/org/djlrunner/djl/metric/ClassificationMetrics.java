package org.djlrunner.djl.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an evaluation of a classifier reports besides the loss, in MMClassification's words.
 *
 * @param topk each k of {@code accuracy_top-k}, 1 or more; empty for no accuracy
 * @param thresholds a prediction counts only if its softmax is above; 0 for any, below 1. Of
 *     several each has results of its own, whose names end in {@code _thr_0.50}
 * @param scores what is reported of classes
 * @param average how the scores of classes become one number; for support it is the sum
 * @param confusionMatrix whether the counts of label against prediction are wanted as such
 * @param calibrationBins bins of the expected calibration error, 1 or more; empty for none
 */
public record ClassificationMetrics(
    List<Integer> topk,
    List<Double> thresholds,
    Set<ClassScore> scores,
    Averaging average,
    boolean confusionMatrix,
    OptionalInt calibrationBins) {
  /** Bins of the calibration error unless said otherwise. */
  public static final int DEFAULT_BINS = 15;

  /** No threshold: the largest logit is the prediction. */
  public static final List<Double> ANY = List.of(0.0);

  /** Rejects numbers out of range. */
  public ClassificationMetrics {
    topk = List.copyOf(topk);
    thresholds = List.copyOf(thresholds);
    scores = Set.copyOf(scores);
    if (topk.stream().anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException("topk must be 1 or more, got " + topk);
    }
    if (thresholds.isEmpty() || !thresholds.stream().allMatch(t -> t >= 0 && t < 1)) {
      throw new IllegalArgumentException(
          "thrs must be numbers of 0 or more and below 1, got " + thresholds);
    }
    if (calibrationBins.isPresent() && calibrationBins.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "bins must be 1 or more, got " + calibrationBins.getAsInt());
    }
  }

  /** Accuracies only. */
  public static ClassificationMetrics accuracy(Integer... topk) {
    return new ClassificationMetrics(
        List.of(topk), ANY, Set.of(), Averaging.MACRO, false, OptionalInt.empty());
  }

  /** The names of the results, in the order in which they are reported. */
  public List<String> resultNames() {
    List<String> names = new ArrayList<>();
    for (double threshold : thresholds) {
      topk.forEach(k -> names.add("accuracy_top-" + k + suffix(threshold, thresholds)));
    }
    for (double threshold : thresholds) {
      for (ClassScore score : ClassScore.values()) {
        if (scores.contains(score) && average != Averaging.NONE) {
          names.add(score.word() + suffix(threshold, thresholds));
        }
      }
    }
    if (calibrationBins.isPresent()) {
      names.add("ece");
    }
    return names;
  }

  /** Whether labels have to be counted against predictions. */
  boolean countsClasses() {
    return !scores.isEmpty() || confusionMatrix;
  }

  /** What the names of a threshold's results end in; nothing where there is one threshold. */
  static String suffix(double threshold, List<Double> thresholds) {
    return thresholds.size() == 1 ? "" : String.format(Locale.ROOT, "_thr_%.2f", threshold);
  }
}
