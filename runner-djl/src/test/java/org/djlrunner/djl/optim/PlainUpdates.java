package org.djlrunner.djl.optim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.testkit.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * Our expectation of a recorded run of an optimizer hook, in plain Java arithmetic at double.
 *
 * <p>It follows our rules where they differ from MMCV's: a window's gradient is the mean over its
 * samples and the window ends with the pass; a parameter that took no part in a window is left
 * alone.
 */
final class PlainUpdates {
  private final Vectors.Case recorded;
  private final int window;
  private final List<double[]> parameters = new ArrayList<>();
  private final double[] @Nullable [] buffers;
  private final double[] @Nullable [] sums;
  private final List<Row> rows = new ArrayList<>();
  private int samples;
  private int inWindow;

  /** What is known after an iteration. */
  record Row(@Nullable Float norm, List<Float> parameters) {}

  private PlainUpdates(Vectors.Case recorded) {
    this.recorded = recorded;
    this.window = recorded.at("optimizer_hook").path("cumulative_iters").asInt(1);
    recorded
        .at("params")
        .forEach(
            tensor ->
                parameters.add(
                    RecordedTensor.flat(tensor).stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray()));
    buffers = new double[parameters.size()][];
    sums = new double[parameters.size()][];
  }

  /** The rows of a run with these batches, pass by pass. */
  static List<Row> of(Vectors.Case recorded, List<List<JsonNode>> passes) {
    PlainUpdates plain = new PlainUpdates(recorded);
    for (List<JsonNode> pass : passes) {
      for (int i = 0; i < pass.size(); i++) {
        plain.iteration(pass.get(i), i == pass.size() - 1);
      }
    }
    return plain.rows;
  }

  private void iteration(JsonNode batch, boolean last) {
    int count = batch.path("num_samples").asInt();
    for (int p = 0; p < parameters.size(); p++) {
      JsonNode coefficient = batch.path("coefficients").path(p);
      if (!coefficient.isNull() && !isFrozen(p)) {
        List<Float> gradient = RecordedTensor.flat(coefficient);
        if (sums[p] == null) {
          sums[p] = new double[gradient.size()];
        }
        for (int i = 0; i < gradient.size(); i++) {
          sums[p][i] += count * (double) gradient.get(i);
        }
      }
    }
    samples += count;
    boolean stepped = ++inWindow == window || last;
    Float norm = null;
    if (stepped) {
      norm = update();
      samples = 0;
      inWindow = 0;
    }
    rows.add(new Row(norm, values()));
  }

  private @Nullable Float update() {
    for (double[] sum : sums) {
      for (int i = 0; sum != null && i < sum.length; i++) {
        sum[i] /= samples;
      }
    }
    Float norm = clip();
    for (int p = 0; p < parameters.size(); p++) {
      if (sums[p] != null) {
        sgd(p, sums[p]);
        sums[p] = null;
      }
    }
    return norm;
  }

  private @Nullable Float clip() {
    JsonNode clip = recorded.at("optimizer_hook").path("grad_clip");
    if (!clip.has("max_norm")) {
      return null;
    }
    double type = clip.has("norm_type") ? RecordedTensor.number(clip.path("norm_type")) : 2;
    double total = 0;
    for (double[] sum : sums) {
      for (int i = 0; sum != null && i < sum.length; i++) {
        double size = Math.abs(sum[i]);
        total = Double.isInfinite(type) ? Math.max(total, size) : total + Math.pow(size, type);
      }
    }
    double norm = Double.isInfinite(type) ? total : Math.pow(total, 1 / type);
    double scale = Math.min(1, clip.path("max_norm").asDouble() / (norm + 1e-6));
    for (double[] sum : sums) {
      for (int i = 0; sum != null && i < sum.length; i++) {
        sum[i] *= scale;
      }
    }
    return (float) norm;
  }

  private void sgd(int p, double[] gradient) {
    JsonNode options = recorded.at("sgd_options");
    double momentum = options.path("momentum").asDouble();
    double dampening = options.path("dampening").asDouble();
    double[] values = parameters.get(p);
    boolean first = buffers[p] == null;
    if (first) {
      buffers[p] = new double[values.length];
    }
    for (int i = 0; i < values.length; i++) {
      double d = gradient[i] + options.path("weight_decay").asDouble() * values[i];
      if (momentum != 0) {
        buffers[p][i] = first ? d : momentum * buffers[p][i] + (1 - dampening) * d;
        d = options.path("nesterov").asBoolean() ? d + momentum * buffers[p][i] : buffers[p][i];
      }
      values[i] -= options.path("lr").asDouble() * d;
    }
  }

  private boolean isFrozen(int parameter) {
    for (JsonNode index : recorded.at("frozen_params")) {
      if (index.asInt() == parameter) {
        return true;
      }
    }
    return false;
  }

  private List<Float> values() {
    List<Float> values = new ArrayList<>();
    for (double[] parameter : parameters) {
      for (double value : parameter) {
        values.add((float) value);
      }
    }
    return values;
  }
}
