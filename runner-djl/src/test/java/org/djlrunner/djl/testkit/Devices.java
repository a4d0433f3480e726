package org.djlrunner.djl.testkit;

import ai.djl.Device;
import java.util.Optional;
import org.djlrunner.djl.experiment.DeviceChoice;

/**
 * The device that tests run on: the CPU, or with {@code -Dtest.device=gpu} the first GPU.
 *
 * <p>A test that holds on both says {@link AlsoOnGpu} and takes {@link #tested()}; one that has
 * nothing to say without a GPU says {@link RequiresGpu}. Both carry the tag {@code gpu}.
 */
public final class Devices {
  /** The system property that names the device. */
  public static final String PROPERTY = "test.device";

  private Devices() {}

  /** The device under test. */
  public static Device tested() {
    return isGpuTested() ? Device.gpu() : Device.cpu();
  }

  /** Whether the device under test is a GPU. */
  public static boolean isGpuTested() {
    String asked = System.getProperty(PROPERTY, "cpu");
    return switch (asked) {
      case "cpu" -> false;
      case "gpu" -> true;
      default ->
          throw new IllegalArgumentException(PROPERTY + " must be cpu or gpu, got '" + asked + "'");
    };
  }

  /** Why no GPU can be used here; empty if one can. */
  public static Optional<String> missingGpu() {
    return Gpu.MISSING;
  }

  /** Asked once a process: the doctor looks at files, the driver and the engine. */
  private static final class Gpu {
    static final Optional<String> MISSING = examine();

    private static Optional<String> examine() {
      try {
        DeviceChoice.of("gpu");
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }
  }
}
