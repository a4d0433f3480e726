package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.build.EvaluationConfig;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.metric.ClassificationMetrics;
import org.djlrunner.hook.BestRule;
import org.djlrunner.hook.BestSpec;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.EvalSchedule;

/**
 * One evaluation of the config's {@code evaluation}, which is a mapping or a list of such.
 *
 * @param path where it stands in the config
 * @param name what its results begin with, empty for nothing
 * @param data the data set, {@code data.NAME}
 * @param schedule when
 * @param metrics what
 * @param best which results decide what the best checkpoint is, if any do
 * @param keepBest how many files are kept of each of these results, 1 or more
 */
record EvaluationSection(
    String path,
    String name,
    String data,
    EvalSchedule schedule,
    ClassificationMetrics metrics,
    Optional<BestSpec> best,
    int keepBest) {
  private static final String KEY = "evaluation";

  /** What the data set is called unless the config says otherwise. */
  static final String DEFAULT_DATA = "val";

  /** MMCV's keys, and the results of ours that they don't tell. */
  private static final BestRule RULE =
      new BestRule(
          Stream.concat(BestRule.GREATER_KEYS.stream(), Stream.of("recall", "f1_score", "support"))
              .toList(),
          Stream.concat(BestRule.LESS_KEYS.stream(), Stream.of("ece")).toList());

  /** All of them, none without the section. */
  static List<EvaluationSection> read(ConfigReader root, Every.Unit runnerUnit) {
    List<ConfigReader> entries =
        root.isSequence(KEY) ? root.sections(KEY) : root.optionalSection(KEY).stream().toList();
    List<EvaluationSection> evaluations = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigReader entry : entries) {
      EvaluationSection evaluation = one(entry, runnerUnit);
      evaluations.add(evaluation);
      entry.require(
          names.add(evaluation.name),
          "name",
          evaluation.name.isEmpty()
              ? "two evaluations have no name; give each but one a name"
              : "two evaluations are called '" + evaluation.name + "'; each needs its own name");
    }
    return evaluations;
  }

  private static EvaluationSection one(ConfigReader config, Every.Unit runnerUnit) {
    String name = config.string("name", "");
    config.require(
        name.isEmpty() || EvalHook.NAME.matcher(name).matches(),
        "name",
        "expected letters, digits, '_', '-' and '.', got '" + name + "'");
    config.require(
        !name.equals("train"), "name", "'train' means values of training; choose another name");
    String data = config.string("data", DEFAULT_DATA);
    config.require(
        !data.equals("train"),
        "data",
        "data.train is loaded as for training; give the data set a second time under a name of its"
            + " own, such as data.train_eval");
    EvalSchedule schedule = EvaluationConfig.schedule(config, runnerUnit);
    ClassificationMetrics metrics = MetricsSection.read(config);
    Optional<BestSpec> best = EvaluationConfig.best(config, name, RULE);
    best.ifPresent(spec -> requireReported(config, spec, metrics.resultNames()));
    int keepBest = config.integer("max_keep_best", 1);
    config.require(keepBest >= 1, "max_keep_best", "must be at least 1, got " + keepBest);
    config.require(
        config.has("save_best") || !config.has("max_keep_best"),
        "max_keep_best",
        "says how many best checkpoints are kept, but there is no save_best");
    config.finish();
    return new EvaluationSection(
        config.path(), name, data, schedule, metrics, best, Math.max(1, keepBest));
  }

  private static void requireReported(ConfigReader config, BestSpec best, List<String> results) {
    List<String> reported = new ArrayList<>(List.of("loss"));
    reported.addAll(results);
    for (String key : best.keys()) {
      config.require(
          key.equals(BestSpec.AUTO) || reported.contains(key),
          "save_best",
          "the evaluation doesn't report '"
              + key
              + "'"
              + NearNames.suggestion(key, reported)
              + "; it reports "
              + String.join(", ", reported));
    }
  }
}
