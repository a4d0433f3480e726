package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.metric.Averaging;
import org.djlrunner.djl.metric.ClassScore;
import org.djlrunner.djl.metric.ClassificationMetrics;

/**
 * Reads {@code metric} and {@code metric_options} of an evaluation, in MMClassification's words.
 */
final class MetricsSection {
  private static final String ACCURACY = "accuracy";
  private static final String CONFUSION = "confusion_matrix";
  private static final String CALIBRATION = "ece";

  private MetricsSection() {}

  /**
   * The metrics: {@code metric} is a name or a list, by default accuracy; {@code metric_options}
   * are {@code topk} ([1]), {@code thrs} (0), {@code average_mode} (macro) and {@code bins} (15).
   * Wrong ones are reported and replaced.
   */
  static ClassificationMetrics read(ConfigReader config) {
    List<String> wanted = listOrOne(config);
    Set<ClassScore> scores = EnumSet.noneOf(ClassScore.class);
    for (ClassScore score : ClassScore.values()) {
      if (wanted.contains(score.word())) {
        scores.add(score);
      }
    }
    for (String metric : wanted) {
      config.require(
          known().contains(metric),
          "metric",
          "unknown metric '"
              + metric
              + "'"
              + NearNames.suggestion(metric, known())
              + "; known: "
              + String.join(", ", known()));
    }
    List<Integer> topk = List.of(1);
    List<Double> thresholds = ClassificationMetrics.ANY;
    Averaging average = Averaging.MACRO;
    int bins = ClassificationMetrics.DEFAULT_BINS;
    if (config.has("metric_options")) {
      ConfigReader options = config.section("metric_options");
      topk = topk(options);
      thresholds = thresholds(options);
      average = options.choice("average_mode", Averaging.class, Averaging.MACRO);
      bins = options.integer("bins", bins);
      options.require(bins >= 1, "bins", "must be at least 1, got " + bins);
      options.finish();
    }
    return new ClassificationMetrics(
        wanted.contains(ACCURACY) ? topk : List.of(),
        thresholds,
        scores,
        average,
        wanted.contains(CONFUSION),
        wanted.contains(CALIBRATION) ? OptionalInt.of(Math.max(1, bins)) : OptionalInt.empty());
  }

  private static List<String> listOrOne(ConfigReader config) {
    return config.isSequence("metric")
        ? config.strings("metric", List.of())
        : List.of(config.string("metric", ACCURACY));
  }

  private static List<Integer> topk(ConfigReader options) {
    List<Integer> topk =
        options.isSequence("topk")
            ? options.integers("topk", List.of())
            : List.of(options.integer("topk", 1));
    boolean fits = !topk.isEmpty() && topk.stream().allMatch(k -> k >= 1);
    options.require(fits, "topk", "expected numbers of 1 or more, got " + topk);
    return fits ? topk : List.of(1);
  }

  private static List<Double> thresholds(ConfigReader options) {
    List<Double> thresholds =
        options.isSequence("thrs")
            ? options.numbers("thrs", List.of())
            : List.of(options.number("thrs", 0));
    boolean fits = !thresholds.isEmpty() && thresholds.stream().allMatch(t -> t >= 0 && t < 1);
    options.require(fits, "thrs", "expected numbers of 0 or more and below 1, got " + thresholds);
    return fits ? thresholds : ClassificationMetrics.ANY;
  }

  private static List<String> known() {
    List<String> known = new ArrayList<>(List.of(ACCURACY));
    for (ClassScore score : ClassScore.values()) {
      known.add(score.word());
    }
    known.add(CONFUSION);
    known.add(CALIBRATION);
    return known;
  }
}
