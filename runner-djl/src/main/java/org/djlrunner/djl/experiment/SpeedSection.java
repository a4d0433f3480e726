package org.djlrunner.djl.experiment;

import ai.djl.Device;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.precision.Tf32Policy;
import org.jspecify.annotations.Nullable;

/**
 * The config's switches of speed that neither belong to the step nor to the data.
 *
 * @param cudnnBenchmark {@code cudnn_benchmark}: whether cuDNN tries its algorithms on each new
 *     shape and keeps the fastest; null for its default, which depends on the data
 * @param allowTf32 {@code allow_tf32}: true demands TF32 for all float32 products, false for none;
 *     null takes what the environment says
 */
record SpeedSection(@Nullable Boolean cudnnBenchmark, @Nullable Boolean allowTf32) {
  static final String CUDNN_BENCHMARK = "cudnn_benchmark";
  static final String ALLOW_TF32 = "allow_tf32";

  static SpeedSection read(ConfigReader root) {
    return new SpeedSection(wish(root, CUDNN_BENCHMARK), wish(root, ALLOW_TF32));
  }

  /**
   * Who may round to TF32 on a device.
   *
   * @throws IllegalArgumentException if a GPU's environment contradicts the wish
   */
  Tf32Policy tf32(Device device) {
    Tf32Policy policy = Tf32Policy.of(device);
    if (device.isGpu()) {
      policy.require(allowTf32);
    }
    return policy;
  }

  private static @Nullable Boolean wish(ConfigReader root, String key) {
    return root.has(key) ? Boolean.valueOf(root.bool(key, false)) : null;
  }
}
