package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import org.djlrunner.djl.experiment.DeviceChoice;
import org.djlrunner.djl.profile.TorchProfiler;

/**
 * Records iterations of our runner as a trace, for {@code benchmarks/gpu/profile_trace.py}.
 *
 * <p>Arguments: device, {@code label:batch}, precision, iterations, and the file to write.
 */
public final class ProfiledIterations {
  private static final int WARM_UP = 10;

  private ProfiledIterations() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    if (args.length != 5) {
      throw new IllegalArgumentException(
          "expected DEVICE LABEL:BATCH PRECISION ITERATIONS FILE, got " + String.join(" ", args));
    }
    Device device = DeviceChoice.of(args[0]).device();
    Engine.getEngine("PyTorch");
    String[] parts = args[1].split(":", 2);
    Yardstick model = Yardstick.of(parts[0]);
    int iterations = Integer.parseInt(args[3]);
    if (device.isGpu()) {
      JniUtils.setBenchmarkCuDNN(true);
    }
    Setting setting = new Setting(model, device, Integer.parseInt(parts[1]), args[2], "auto");
    try (Contestant runner = Peer.OUR_RUNNER.open(setting)) {
      runner.train(new long[WARM_UP]);
      runner.await();
      TorchProfiler.record(
          Path.of(args[4]),
          () -> {
            runner.train(new long[iterations]);
            runner.await();
          });
      System.out.printf("%s %s: loss %.4f%n", args[1], args[2], runner.loss());
    }
  }
}
