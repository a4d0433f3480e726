package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.checkpoint.BestFiles;
import org.djlrunner.checkpoint.KeptFile;
import org.djlrunner.hook.BestRule;
import org.djlrunner.hook.EarlyStopping.Rule;

/**
 * The best value of each evaluated result, when it was, and the checkpoint of that moment.
 *
 * <p>Whether more or less is better goes by the result's name, as with {@code save_best}; of a name
 * that doesn't tell both ends are shown. Of equal values the earlier one is better; NaN and
 * infinity are none. A run without evaluations has the training losses.
 */
final class BestTable {
  /** Of which results more, and of which less is better. */
  static final BestRule RULE =
      new BestRule(
          Stream.concat(BestRule.GREATER_KEYS.stream(), Stream.of("recall", "f1_score")).toList(),
          Stream.concat(BestRule.LESS_KEYS.stream(), Stream.of("ece")).toList());

  private final List<KeptFile> kept;
  private final List<String> files;

  private BestTable(List<KeptFile> kept, List<String> files) {
    this.kept = kept;
    this.files = files;
  }

  /**
   * The rows in the order in which results came.
   *
   * @param kept what {@code checkpoints.json} lists
   * @param files the names of all files in the folder
   */
  static List<BestRow> of(List<RunRecord> records, List<KeptFile> kept, List<String> files) {
    Map<String, List<RunRecord>> byMetric = new LinkedHashMap<>();
    boolean evaluated = records.stream().anyMatch(record -> !record.isTrain());
    for (RunRecord record : records) {
      for (String name : record.values().keySet()) {
        if (evaluated ? !record.isTrain() && isResult(name) : isLoss(name)) {
          byMetric
              .computeIfAbsent(ResultNames.full(record, name), n -> new ArrayList<>())
              .add(record);
        }
      }
    }
    BestTable table = new BestTable(kept, files);
    List<BestRow> rows = new ArrayList<>();
    byMetric.forEach((metric, with) -> table.add(metric, with, rows));
    return rows;
  }

  private void add(String metric, List<RunRecord> records, List<BestRow> rows) {
    Optional<Rule> rule = RULE.of(ResultNames.plain(metric));
    for (Rule each : rule.map(List::of).orElse(List.of(Rule.GREATER, Rule.LESS))) {
      RunRecord best = null;
      for (RunRecord record : records) {
        double value = value(record, metric);
        if (Double.isFinite(value)
            && (best == null || each.isBetter(value, value(best, metric), 0))) {
          best = record;
        }
      }
      if (best != null) {
        rows.add(
            new BestRow(
                metric,
                each == Rule.GREATER ? "highest" : "lowest",
                value(best, metric),
                best.epoch(),
                best.step(),
                checkpoint(metric, best),
                value(records.get(records.size() - 1), metric)));
      }
    }
  }

  private static double value(RunRecord record, String metric) {
    for (Map.Entry<String, Double> value : record.values().entrySet()) {
      if (ResultNames.full(record, value.getKey()).equals(metric)) {
        return value.getValue();
      }
    }
    return Double.NaN;
  }

  /** A best file of this metric, else any file of that moment. */
  private Optional<String> checkpoint(String metric, RunRecord at) {
    Stream<String> listed =
        Stream.concat(
                kept.stream().filter(file -> file.reason().endsWith("best " + metric)),
                kept.stream())
            .filter(file -> file.iter() == at.step())
            .map(KeptFile::name);
    String epoch = "epoch_" + at.epoch();
    String iter = "iter_" + at.step();
    Stream<String> unlisted =
        kept.isEmpty()
            ? Stream.of(BestFiles.name(metric, epoch), BestFiles.name(metric, iter), epoch, iter)
                .flatMap(stem -> files.stream().filter(file -> isNamed(file, stem)))
            : Stream.empty();
    return Stream.concat(listed, unlisted).findFirst();
  }

  private static boolean isNamed(String file, String stem) {
    return file.startsWith(stem + ".") && file.indexOf('.', stem.length() + 1) < 0;
  }

  private static boolean isResult(String name) {
    return ResultNames.isResult(name) && !ResultNames.plain(name).startsWith("support");
  }

  private static boolean isLoss(String name) {
    return name.contains("loss") && !name.equals("loss_scale");
  }
}
