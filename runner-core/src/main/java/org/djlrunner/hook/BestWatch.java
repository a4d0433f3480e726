package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.djlrunner.checkpoint.BestFiles;
import org.djlrunner.checkpoint.KeptFile;
import org.djlrunner.config.NearNames;

/** Watches evaluation results for those whose weights are worth keeping. */
final class BestWatch {
  private final SaveBest settings;
  private final String reasons;
  private final Map<String, BestFiles> byMetric = new LinkedHashMap<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private final Map<String, Double> fresh = new LinkedHashMap<>();
  private final CheckpointMemory known;
  private final List<KeptFile> displaced = new ArrayList<>();
  private final Map<String, Integer> reportedBefore = new HashMap<>();
  private boolean told;

  /**
   * A watch that has seen nothing.
   *
   * @param reasons how the reasons of its files begin
   * @param known files of before, and what was watched where the settings leave it to the first
   *     evaluation
   */
  BestWatch(SaveBest settings, String reasons, CheckpointMemory known, HookContext context) {
    this.settings = settings;
    this.reasons = reasons;
    this.known = known;
    context
        .metrics()
        .keySet()
        .forEach(name -> reportedBefore.put(name, context.timesReported(name)));
    (settings.metrics().isEmpty() ? known.metrics() : settings.metrics())
        .forEach(metric -> watch(metric, context.timesReported(metric)));
  }

  private void watch(String metric, int reported) {
    // Whether its results can be compared at all shows before anything is kept of them.
    boolean ignored = settings.better().isBetter(metric, 0, 0);
    BestFiles best = new BestFiles(metric, settings.keep(), settings.better());
    displaced.addAll(best.goOn(known.keptAs(reasons + metric)));
    byMetric.put(metric, best);
    seen.put(metric, reported);
  }

  /** The metrics watched; empty before the first evaluation where that decides. */
  List<String> metrics() {
    return List.copyOf(byMetric.keySet());
  }

  /** The best files of all metrics. */
  List<KeptFile> files() {
    return byMetric.values().stream().flatMap(best -> best.ranking().stream()).toList();
  }

  /** Takes results that have come since the last look; says whether there are any. */
  boolean look(HookContext context) {
    if (byMetric.isEmpty()) {
      context.metrics().keySet().stream().findFirst().ifPresent(first -> watch(first, 0));
    }
    byMetric.keySet().forEach(metric -> take(metric, context));
    return !fresh.isEmpty();
  }

  private void take(String metric, HookContext context) {
    int reported = context.timesReported(metric);
    Double score = context.metrics().get(metric);
    if (reported > seen.getOrDefault(metric, 0) && score != null) {
      seen.put(metric, reported);
      fresh.put(metric, score);
    }
  }

  /** Fails where evaluations of this run report other results, but never one that is watched. */
  void requireReported(HookContext context) {
    Map<String, Double> results = context.metrics();
    boolean evaluated =
        results.keySet().stream()
            .anyMatch(name -> context.timesReported(name) > reportedBefore.getOrDefault(name, 0));
    for (String metric : byMetric.keySet()) {
      if (evaluated && context.timesReported(metric) == 0) {
        throw new IllegalStateException(
            "CheckpointHook is to keep the best checkpoint by '"
                + metric
                + "', which no evaluation has reported"
                + NearNames.suggestion(metric, results.keySet())
                + "; there are "
                + results.keySet());
      }
    }
  }

  /** Passes over results whose weights are about to change before they could be saved. */
  void overlook(HookContext context) {
    if (look(context) && !told) {
      told = true;
      context
          .logs()
          .note(
              fresh.keySet()
                  + " came where their weights can't be saved any more, before the first iteration"
                  + " or behind CheckpointHook; they count for no best file");
    }
    fresh.clear();
  }

  /**
   * Compares what was taken with the best so far, and gives up what is no longer among the best.
   *
   * @param stage whether the results came at the end of an epoch or of an iteration
   * @return the files to write
   */
  List<KeptFile> decide(CheckpointSaver saver, Every.Unit stage, Progress progress) {
    int count = stage == Every.Unit.EPOCH ? progress.epoch() : progress.iter();
    List<KeptFile> write = new ArrayList<>();
    for (BestFiles best : byMetric.values()) {
      Double score = fresh.get(best.metric());
      if (score != null) {
        KeptFile candidate =
            new KeptFile(
                saver.folder(),
                BestFiles.name(best.metric(), stage.word() + "_" + count) + "." + saver.extension(),
                reasons + best.metric(),
                OptionalDouble.of(score),
                progress.epoch(),
                progress.iter());
        Optional<List<KeptFile>> behind = best.offer(candidate);
        behind.ifPresent(displaced::addAll);
        if (behind.isPresent()) {
          write.add(candidate);
        }
      }
    }
    saver.release(displaced);
    displaced.clear();
    fresh.clear();
    return write;
  }
}
