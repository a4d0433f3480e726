package org.djlrunner.djl.experiment;

import ai.djl.Device;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.djlrunner.djl.doctor.Diagnosis;
import org.djlrunner.djl.doctor.Level;
import org.djlrunner.djl.doctor.NativeDoctor;

/**
 * The device that training runs on, and why.
 *
 * @param device the device
 * @param reason for people: what was chosen and why
 */
public record DeviceChoice(Device device, String reason) {
  static final String FORM = "use auto, cpu, gpu or gpu:N";

  private static final String CPU = "cpu";

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,4}))?");

  /** Whether a wish has the right form; whether it can be fulfilled is another question. */
  static boolean isWellFormed(String wish) {
    return wish.equals("auto") || wish.equals(CPU) || GPU.matcher(wish).matches();
  }

  /**
   * Picks a device.
   *
   * @param wish {@code cpu}, {@code gpu:N}, {@code gpu} for the first one that can be used, or
   *     {@code auto} for that if there is one, else the CPU
   * @throws IllegalArgumentException if the wish is none of these, or there is no such GPU; the
   *     message says why
   */
  public static DeviceChoice of(String wish) {
    if (!isWellFormed(wish)) {
      throw new IllegalArgumentException("unknown device '" + wish + "'; " + FORM);
    }
    OptionalInt index = index(wish);
    NativeDoctor doctor = new NativeDoctor();
    if (wish.startsWith("gpu")) {
      (index.isPresent() ? doctor.explainNoGpu(index.getAsInt()) : doctor.explainNoGpu())
          .ifPresent(DeviceChoice::refuse);
    }
    // Loading an engine that can't work would make DJL download another one: ask first.
    return among(wish, doctor.examine());
  }

  /** Picks a device for a wish that is well-formed, among those that training can run on. */
  static DeviceChoice among(String wish, Diagnosis diagnosis) {
    if (!diagnosis.canTrain()) {
      throw new IllegalArgumentException(
          "nothing to train on: " + errors(diagnosis) + " ./runner doctor says more");
    }
    if (wish.equals(CPU)) {
      return new DeviceChoice(Device.cpu(), CPU);
    }
    String first = diagnosis.devices().get(0);
    if (wish.equals("auto")) {
      return first.equals(CPU)
          ? new DeviceChoice(
              Device.cpu(), "cpu (auto: " + inShort(diagnosis) + "; ./runner doctor says more)")
          : new DeviceChoice(device(first), first + " (auto)");
    }
    if (first.equals(CPU)) {
      refuse(diagnosis.gpuExplanation());
    }
    OptionalInt index = index(wish);
    String chosen = index.isPresent() ? "gpu:" + index.getAsInt() : first;
    if (!diagnosis.devices().contains(chosen)) {
      throw new IllegalArgumentException(
          "there is no "
              + wish
              + " to train on; there are "
              + String.join(", ", diagnosis.devices()));
    }
    return new DeviceChoice(device(chosen), chosen);
  }

  /** N of {@code gpu:N}. */
  private static OptionalInt index(String wish) {
    Matcher gpu = GPU.matcher(wish);
    return gpu.matches() && gpu.group(1) != null
        ? OptionalInt.of(Integer.parseInt(gpu.group(1)))
        : OptionalInt.empty();
  }

  private static Device device(String gpu) {
    return Device.gpu(index(gpu).orElseThrow());
  }

  private static String errors(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .filter(finding -> finding.level() == Level.ERROR)
        .map(finding -> finding.text() + " -> " + finding.advice() + ".")
        .collect(Collectors.joining(" "));
  }

  private static String inShort(Diagnosis diagnosis) {
    return Objects.requireNonNullElse(diagnosis.noGpu(), "the engine counts no GPU");
  }

  private static void refuse(String explanation) {
    throw new IllegalArgumentException("no GPU can be used: " + explanation);
  }

  /** The device's name as a config writes it: {@code cpu}, {@code gpu:0}. */
  public String name() {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : CPU;
  }
}
