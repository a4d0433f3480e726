package org.djlrunner.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * What a config says of a value, by the formulas of the reference, for one group.
 *
 * <p>It knows no run and no types of ours: what is expected where we deviate on purpose is computed
 * here, and all that doesn't deviate has to agree with it, too.
 *
 * @param config an {@code lr_config} or a {@code momentum_config}
 * @param momentum whether it is the latter
 * @param group the group's index
 * @param optimizer keys of options that are given by optimizer
 */
record Formulas(JsonNode config, boolean momentum, int group, String optimizer) {
  /** What the warm-up of a momentum stays at or below, by rule S07. */
  private static final double MOST_WARM = 0.99;

  /** A point of a run; totals are what the whole run has. */
  record Point(double epoch, double epochs, int iter, int iters, int epochLength) {}

  /** The value, warm-up included. */
  double value(double base, Point at) {
    double regular = regular(base, at);
    String warmup = config.path("warmup").asText("null");
    int length = config.path("warmup_iters").asInt() * (warmsByEpoch() ? at.epochLength : 1);
    if (warmup.equals("null") || at.iter >= length) {
      return regular;
    }
    double ratio = config.path("warmup_ratio").asDouble(momentum ? 0.9 : 0.1);
    double left = 1 - (double) at.iter / length;
    double factor =
        switch (warmup) {
          case "constant" -> ratio;
          case "linear" -> 1 - left * (1 - ratio);
          default -> Math.pow(ratio, left);
        };
    return momentum ? Math.min(regular / factor, Math.max(regular, MOST_WARM)) : regular * factor;
  }

  /** Whether the warm-up would raise a momentum beyond what rule S07 allows. */
  boolean isCut(double base, Point at) {
    return momentum && value(base, at) == MOST_WARM && regular(base, at) < MOST_WARM;
  }

  boolean countsEpochs() {
    return config.path("by_epoch").asBoolean(!isCycle());
  }

  boolean warmsByEpoch() {
    return config.path("warmup_by_epoch").asBoolean();
  }

  /** Whether values follow from the length of the run in iterations. */
  boolean dependsOnIters() {
    return isCycle()
        || (!countsEpochs()
            && policy().matches("poly|cosineannealing|flatcosineannealing|linearannealing"));
  }

  /** Whether a cyclic policy has no way up but peaks that decay. */
  boolean peaksDecayWithoutRise(int iters) {
    int times = config.path("cyclic_times").asInt(1);
    return policy().equals("cyclic")
        && times >= 1
        && iters / times > 0
        && rise(iters / times) == 0
        && config.path("gamma").asDouble(1) != 1;
  }

  private boolean isCycle() {
    return policy().equals("cyclic") || policy().equals("onecycle");
  }

  private String policy() {
    return config.path("policy").asText().toLowerCase(Locale.ROOT);
  }

  private double number(String key, double fallback) {
    return config.path(key).asDouble(fallback);
  }

  private double target(double base) {
    String key = momentum ? "min_momentum" : "min_lr";
    return config.hasNonNull(key) ? number(key, 0) : base * number(key + "_ratio", 0);
  }

  private double regular(double base, Point at) {
    double done = countsEpochs() ? at.epoch : at.iter;
    double total = countsEpochs() ? at.epochs : at.iters;
    double share = Math.min(1, done / total);
    return switch (policy()) {
      case "fixed" -> base;
      case "step" -> step(base, (int) done);
      case "exp" -> base * Math.pow(number("gamma", 0), done);
      case "inv" -> base * Math.pow(1 + number("gamma", 0) * done, -number("power", 1));
      case "poly" -> {
        double least = number("min_lr", 0);
        yield least + (base - least) * Math.pow(1 - share, number("power", 1));
      }
      case "cosineannealing" -> wave(base, target(base), share, 1);
      case "linearannealing" -> line(base, target(base), share);
      case "flatcosineannealing" -> {
        double start = Math.rint(total * number("start_percent", 0.75));
        yield done < start
            ? base
            : wave(base, target(base), Math.min(1, (done - start) / (total - start)), 1);
      }
      case "cosinerestart" -> restart(base, done);
      case "cyclic" -> cyclic(base, at);
      default -> oneCycle(at);
    };
  }

  private double step(double base, int done) {
    JsonNode step = config.path("step");
    int behind = step.isArray() ? 0 : done / step.asInt();
    while (step.isArray() && behind < step.size() && done >= step.get(behind).asInt()) {
      behind++;
    }
    double value = base * Math.pow(number("gamma", momentum ? 0.5 : 0.1), behind);
    return Math.max(value, number(momentum ? "min_momentum" : "min_lr", Double.NEGATIVE_INFINITY));
  }

  private double restart(double base, double done) {
    double end = 0;
    for (int i = 0; i < config.path("periods").size(); i++) {
      double period = config.path("periods").get(i).asDouble();
      end += period;
      if (done < end) {
        double weight = config.path("restart_weights").path(i).asDouble(1);
        return wave(base, target(base), (done - end + period) / period, weight);
      }
    }
    return Double.NaN;
  }

  private double cyclic(double base, Point at) {
    int times = config.path("cyclic_times").asInt(1);
    int length = times < 1 ? 0 : at.iters / times;
    if (length == 0) {
      return Double.NaN;
    }
    JsonNode ratios = config.path("target_ratio");
    double high =
        ratios.isArray() ? ratios.get(0).asDouble() : ratios.asDouble(momentum ? 0.85 / 0.95 : 10);
    double low = ratios.isMissingNode() ? (momentum ? 1 : 1e-4) : high / 1e5;
    if (ratios.size() == 2) {
      low = ratios.get(1).asDouble();
    }
    int cycle = at.iter / length;
    double decay = Math.pow(number("gamma", 1), cycle);
    double peak = 1 - decay + high * decay;
    int within = at.iter % length;
    int rise = rise(length);
    return within < rise
        ? anneal(base, base * peak, (double) within / rise)
        : anneal(base * peak, base * low, (double) (within - rise) / (length - rise));
  }

  private int rise(int length) {
    return (int) (number("step_ratio_up", 0.4) * length);
  }

  private double oneCycle(Point at) {
    double total = momentum ? at.iters : number("total_steps", at.iters);
    if (total < at.iters) {
      return Double.NaN;
    }
    double turn = number("pct_start", 0.3) * total - 1;
    double last = total - 1;
    double peak = momentum ? option("base_momentum", 0.85) : option("max_lr", 0);
    double first = momentum ? option("max_momentum", 0.95) : peak / number("div_factor", 25);
    double end = momentum ? first : first / number("final_div_factor", 1e4);
    double iter = Math.min(at.iter, last);
    if (iter <= turn) {
      return turn == 0 ? Double.NaN : anneal(first, peak, iter / turn);
    }
    boolean three = config.path("three_phase").asBoolean();
    if (three && iter <= 2 * turn) {
      return anneal(peak, first, (iter - turn) / turn);
    }
    double from = three ? 2 * turn : turn;
    return anneal(three ? first : peak, end, (iter - from) / (last - from));
  }

  private double option(String key, double fallback) {
    JsonNode option = config.path(key);
    JsonNode values = option.isObject() ? option.path(optimizer) : option;
    double missing = option.isMissingNode() ? fallback : Double.NaN;
    return values.isArray() ? values.path(group).asDouble(Double.NaN) : values.asDouble(missing);
  }

  private double anneal(double start, double end, double share) {
    return config.path("anneal_strategy").asText("cos").equals("cos")
        ? wave(start, end, share, 1)
        : line(start, end, share);
  }

  private static double wave(double start, double end, double share, double weight) {
    return end + weight * (start - end) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  private static double line(double start, double end, double share) {
    return start + share * (end - start);
  }
}
