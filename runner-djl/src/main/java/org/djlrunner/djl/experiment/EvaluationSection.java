package org.djlrunner.djl.experiment;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.metric.ClassScore;

/**
 * The section {@code evaluation}, in MMClassification's words.
 *
 * @param interval how often
 * @param topk each k of {@code accuracy_top-k}, empty if accuracy isn't asked for
 * @param scores the means over classes that are asked for
 */
record EvaluationSection(Every interval, List<Integer> topk, Set<ClassScore> scores) {
  private static final String ACCURACY = "accuracy";

  /** Reads it; {@code metric} is a name or a list, by default accuracy. */
  static EvaluationSection read(ConfigReader config, Every.Unit runnerUnit) {
    int interval = config.integer("interval", 1);
    config.require(interval >= 1, "interval", "must be at least 1, got " + interval);
    List<String> metrics = metrics(config);
    Set<ClassScore> scores = EnumSet.noneOf(ClassScore.class);
    for (String metric : metrics) {
      Optional<ClassScore> score =
          Arrays.stream(ClassScore.values()).filter(s -> s.word().equals(metric)).findFirst();
      score.ifPresent(scores::add);
      config.require(
          score.isPresent() || metric.equals(ACCURACY),
          "metric",
          "unknown metric '" + metric + "'; known: " + known());
    }
    List<Integer> topk =
        config.optionalSection("metric_options").map(EvaluationSection::topk).orElse(List.of(1));
    Every.Unit unit = ScheduleSection.unit(config, runnerUnit);
    config.finish();
    return new EvaluationSection(
        new Every(Math.max(1, interval), unit),
        metrics.contains(ACCURACY) ? topk : List.of(),
        scores);
  }

  private static List<String> metrics(ConfigReader config) {
    return config.isSequence("metric")
        ? config.strings("metric", List.of())
        : List.of(config.string("metric", ACCURACY));
  }

  private static List<Integer> topk(ConfigReader options) {
    List<Integer> topk = options.integers("topk", List.of(1));
    options.require(
        !topk.isEmpty() && topk.stream().allMatch(k -> k >= 1),
        "topk",
        "expected numbers of 1 or more, got " + topk);
    options.finish();
    return topk;
  }

  private static String known() {
    return ACCURACY
        + Arrays.stream(ClassScore.values())
            .map(s -> ", " + s.word())
            .collect(Collectors.joining());
  }
}
