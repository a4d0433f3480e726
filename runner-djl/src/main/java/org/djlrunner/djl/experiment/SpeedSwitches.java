package org.djlrunner.djl.experiment;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.djl.Computation;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.precision.Tf32Policy;
import org.jspecify.annotations.Nullable;

/**
 * What makes a run fast or slow, as it took effect.
 *
 * @param gpu whether it trains on a GPU; without one most switches mean nothing
 * @param computation precision and compilation
 * @param fixedShapes whether all training batches have one size
 * @param cudnnBenchmark whether cuDNN searches its fastest algorithms
 * @param tf32 who may round float32 factors
 * @param train how training batches are made
 * @param val how validation batches are made, null if there are none
 */
record SpeedSwitches(
    boolean gpu,
    Computation computation,
    boolean fixedShapes,
    boolean cudnnBenchmark,
    Tf32Policy tf32,
    LoaderOptions train,
    @Nullable LoaderOptions val) {

  /**
   * The switches of a run.
   *
   * @param benchmark the config's {@code cudnn_benchmark}, null for the default: where all training
   *     batches have one size, since each other size is searched anew
   * @param samples in a pass over the training data
   */
  static SpeedSwitches of(
      @Nullable Boolean benchmark,
      Tf32Policy tf32,
      boolean gpu,
      Computation computation,
      int samples,
      LoaderOptions train,
      @Nullable LoaderOptions val) {
    boolean fixed = train.dropLast() || samples % train.batchSize() == 0;
    boolean search = gpu && (benchmark == null ? fixed : benchmark);
    return new SpeedSwitches(gpu, computation, fixed, search, tf32, train, val);
  }

  /** For checkpoints. */
  Map<String, Object> describe() {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("precision", computation.precision().name().toLowerCase(Locale.ROOT));
    description.put("compiled", computation.compiled());
    description.put("channels_last", true);
    description.put("cudnn_benchmark", cudnnBenchmark);
    description.put("tf32", tf32.describe());
    description.put("train", loading(train));
    if (val != null) {
      description.put("val", loading(val));
    }
    description.put("threads", JniUtils.getNumThreads());
    return description;
  }

  /** One line of what is not as usual, empty if all is; the first line of a run has the rest. */
  Optional<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (gpu && cudnnBenchmark != fixedShapes) {
      remarks.add("cudnn_benchmark " + cudnnBenchmark);
    }
    if (gpu && !tf32.equals(Tf32Policy.DEFAULT)) {
      remarks.add("TF32 by " + tf32);
    }
    remark("train", train, remarks);
    if (val != null) {
      remark("val", val, remarks);
    }
    return remarks.isEmpty()
        ? Optional.empty()
        : Optional.of("Speed: " + String.join(", ", remarks));
  }

  private void remark(String part, LoaderOptions options, List<String> remarks) {
    if (options.cached()) {
      remarks.add("data." + part + " kept on the device");
    } else if (gpu && !options.pinMemory()) {
      remarks.add("data." + part + " without pin_memory");
    }
  }

  private Map<String, Object> loading(LoaderOptions options) {
    Map<String, Object> loading = new LinkedHashMap<>();
    loading.put("cache", options.cached() ? "device" : "none");
    loading.put("workers", options.workers());
    loading.put("prefetch_factor", options.prefetchFactor());
    loading.put("pin_memory", gpu && options.pinMemory() && !options.cached());
    return loading;
  }
}
