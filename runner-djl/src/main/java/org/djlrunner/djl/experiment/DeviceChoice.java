package org.djlrunner.djl.experiment;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.djlrunner.djl.doctor.Diagnosis;
import org.djlrunner.djl.doctor.NativeDoctor;

/**
 * The device that training runs on, and why.
 *
 * @param device the device
 * @param reason for people: what was chosen and why
 */
public record DeviceChoice(Device device, String reason) {
  static final String FORM = "use auto, cpu, gpu or gpu:N";

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d+))?");

  /** Whether a wish has the right form; whether it can be fulfilled is another question. */
  static boolean isWellFormed(String wish) {
    return wish.equals("auto") || wish.equals("cpu") || GPU.matcher(wish).matches();
  }

  /**
   * Picks a device.
   *
   * @param wish {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @throws IllegalArgumentException if the wish is none of these, or there is no such GPU; the
   *     message says why
   */
  public static DeviceChoice of(String wish) {
    if (!isWellFormed(wish)) {
      throw new IllegalArgumentException("unknown device '" + wish + "'; " + FORM);
    }
    Matcher gpu = GPU.matcher(wish);
    boolean wantsGpu = gpu.matches();
    NativeDoctor doctor = new NativeDoctor();
    if (wantsGpu) {
      doctor.explainNoGpu().ifPresent(DeviceChoice::refuse);
    }
    // Loading an engine that can't work would make DJL download another one: ask first.
    Diagnosis diagnosis = doctor.examine();
    if (!diagnosis.canTrain()) {
      throw new IllegalArgumentException(
          "nothing to train on: " + diagnosis.gpuExplanation() + " ./runner doctor says more");
    }
    if (wish.equals("cpu")) {
      return new DeviceChoice(Device.cpu(), "cpu");
    }
    int gpus = diagnosis.gpuUsable() ? Engine.getEngine("PyTorch").getGpuCount() : 0;
    if (wantsGpu) {
      int index = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
      if (index >= gpus) {
        if (gpus == 0) {
          refuse(diagnosis.gpuExplanation());
        }
        throw new IllegalArgumentException(
            "there is no " + wish + "; GPUs here: 0 to " + (gpus - 1));
      }
      return new DeviceChoice(Device.gpu(index), wish);
    }
    return gpus > 0
        ? new DeviceChoice(Device.gpu(0), "gpu:0 (auto)")
        : new DeviceChoice(
            Device.cpu(), "cpu (auto: " + inShort(diagnosis) + "; ./runner doctor says more)");
  }

  private static String inShort(Diagnosis diagnosis) {
    return Objects.requireNonNullElse(diagnosis.noGpu(), "the engine counts no GPU");
  }

  private static void refuse(String explanation) {
    throw new IllegalArgumentException("no GPU can be used: " + explanation);
  }

  /** The device's name as a config writes it: {@code cpu}, {@code gpu:0}. */
  public String name() {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }
}
