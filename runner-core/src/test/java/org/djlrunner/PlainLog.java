package org.djlrunner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.djlrunner.testkit.Vectors.Case;

/**
 * What loggers write by our rules, worked out from a recorded case's inputs with plain lists, and
 * why MMCV's would write something else.
 */
final class PlainLog {
  /**
   * A record.
   *
   * @param logger whose
   * @param mode of what
   * @param epoch the epoch to show
   * @param iter the iteration to show
   * @param step training iterations behind it
   * @param means averages by name
   */
  record Line(int logger, String mode, int epoch, int iter, int step, Map<String, Double> means) {}

  /** A logger's options and where its window begins. */
  private static final class Logger {
    private final int interval;
    private final boolean byEpoch;
    private final boolean ignoreLast;
    private int logged;

    Logger(JsonNode options, int logged) {
      this.logged = logged;
      interval = options.path("interval").asInt(10);
      byEpoch = options.path("by_epoch").asBoolean(true);
      ignoreLast = options.path("ignore_last").asBoolean(true);
    }

    boolean isDue(int inner, int iter, boolean last) {
      return ((byEpoch ? inner : iter) + 1) % interval == 0 || (!ignoreLast && last);
    }
  }

  /** When an evaluation is due, what it gives, and of how many batches. */
  private record Evaluation(int interval, boolean byEpoch, int batches, JsonNode metrics) {
    boolean isDue(boolean atEpoch, int finished) {
      return byEpoch == atEpoch && finished % interval == 0;
    }
  }

  private final Case c;
  private final boolean epochs;
  private final List<Logger> loggers = new ArrayList<>();
  private final List<RecordedOutputs> train;
  private final List<RecordedOutputs> val;
  private final List<Line> lines = new ArrayList<>();
  private final Set<String> reasons = new TreeSet<>();
  private final List<Evaluation> evaluations = new ArrayList<>();

  /** Iterations that another run has done. */
  private final int before;

  private int epoch;
  private int iter;
  private int epochStart;
  private int validated;
  private int evaluated;

  PlainLog(Case c, JsonNode options) {
    this.c = c;
    this.epochs = RecordedRun.isByEpoch(c);
    this.train = RecordedOutputs.of(c.at("train_outputs"));
    this.val = RecordedOutputs.of(c.at("val_outputs"));
    this.epoch = RecordedRun.start(c, "epoch");
    this.iter = RecordedRun.start(c, "iter");
    this.before = iter;
    this.epochStart = iter;
    options.forEach(own -> loggers.add(new Logger(own, before)));
    JsonNode hook = c.at("eval_hook");
    if (!hook.isMissingNode()) {
      int size = hook.path("dataset_size").asInt();
      int batch = hook.path("batch_size").asInt(1);
      evaluations.add(
          new Evaluation(
              hook.path("interval").asInt(1),
              hook.path("by_epoch").asBoolean(true),
              (size + batch - 1) / batch,
              c.at("metrics")));
    }
    if (isRefused()) {
      reasons.add("interval below 1");
      return;
    }
    if (!c.at("timer").asBoolean()) {
      reasons.add("Q-H20 the mode is the run's, with or without a timer");
    }
    if (options.size() > 1 && !allEqual(options)) {
      reasons.add("Q-H20");
    }
    if (c.at("optimizer").asText().equals("none")) {
      reasons.add("Q-R41");
    }
    walk();
  }

  /** Whether a logger's interval is refused. */
  boolean isRefused() {
    return loggers.stream().anyMatch(logger -> logger.interval < 1);
  }

  List<Line> lines() {
    return lines;
  }

  /** Why MMCV does otherwise; empty where it doesn't. */
  Set<String> reasons() {
    return reasons;
  }

  private static boolean allEqual(JsonNode options) {
    for (JsonNode own : options) {
      if (!own.equals(options.get(0))) {
        return false;
      }
    }
    return true;
  }

  private void walk() {
    int limit = RecordedRun.limit(c).asInt();
    while ((epochs ? epoch : iter) < limit) {
      for (int f = 0; f < c.at("workflow").size(); f++) {
        boolean trains = c.at("workflow").get(f).get(0).asText().equals("train");
        int count = c.at("workflow").get(f).get(1).asInt();
        int length = c.at("loader_lengths").get(f).asInt();
        if (!trains && !epochs) {
          reasons.add("Q-H22");
          validation(count);
          continue;
        }
        for (int i = 0; i < count; i++) {
          if (!trains) {
            reasons.add("a val record is at the iterations behind it");
            validation(length);
          } else if ((epochs ? epoch : iter) < limit) {
            for (int n = 0; n < (epochs ? length : 1); n++) {
              iteration(length);
            }
          }
        }
      }
    }
  }

  private void iteration(int length) {
    int inner = iter - epochStart;
    boolean last = inner + 1 == length;
    if (inner == 0) {
      loggers.stream().filter(logger -> logger.byEpoch).forEach(logger -> logger.logged = iter);
    }
    for (int i = 0; i < loggers.size(); i++) {
      Logger logger = loggers.get(i);
      if (logger.isDue(inner, iter, last)) {
        record(i, logger, inner);
      }
      if (!epochs && logger.byEpoch) {
        reasons.add("Q-R7");
      }
      if (!epochs && !logger.ignoreLast && last && (iter + 1) % logger.interval != 0) {
        reasons.add("Q-R7");
      }
    }
    iter++;
    evaluate(false, iter);
    if (last) {
      evaluate(true, epoch + 1);
      epoch++;
      epochStart = iter;
    }
  }

  private void record(int index, Logger logger, int inner) {
    List<RecordedOutputs> window = train.subList(logger.logged - before, iter + 1 - before);
    int cleared = epochs ? epochStart : before;
    if (logger.logged < cleared) {
      reasons.add("windows by iteration run across epochs");
    }
    if (!epochs && inner == 0 && iter > before) {
      reasons.add("Q-R5");
    }
    Set<String> earlier = new TreeSet<>();
    train
        .subList(Math.min(cleared, logger.logged) - before, logger.logged - before)
        .forEach(output -> earlier.addAll(output.values().keySet()));
    for (String name : earlier) {
      long entries = window.stream().filter(o -> o.values().containsKey(name)).count();
      if (entries < logger.interval) {
        reasons.add("Q-R25");
      }
    }
    logger.logged = iter + 1;
    int shown = logger.byEpoch ? inner + 1 : iter + 1;
    lines.add(new Line(index, "train", epoch + 1, shown, iter + 1, means(window)));
  }

  private void validation(int batches) {
    Map<String, Double> means = means(val.subList(validated, validated + batches));
    validated += batches;
    for (int i = 0; i < loggers.size(); i++) {
      lines.add(new Line(i, "val", epoch, batches, iter, means));
    }
  }

  private void evaluate(boolean atEpoch, int finished) {
    for (Evaluation evaluation : evaluations) {
      if (evaluation.isDue(atEpoch, finished)) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        evaluation
            .metrics()
            .get(evaluated++)
            .properties()
            .forEach(e -> metrics.put(e.getKey(), RecordedOutputs.number(e.getValue())));
        for (int i = 0; i < loggers.size(); i++) {
          lines.add(new Line(i, "val", epoch + 1, evaluation.batches(), iter, metrics));
        }
      }
    }
  }

  private static Map<String, Double> means(List<RecordedOutputs> outputs) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (RecordedOutputs output : outputs) {
      output
          .values()
          .forEach(
              (name, value) -> {
                double[] sum = sums.computeIfAbsent(name, n -> new double[2]);
                sum[0] += value * output.samples();
                sum[1] += output.samples();
              });
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
    return means;
  }
}
