package org.djlrunner.djl.doctor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of PyTorch's libraries DJL would load, found out without loading any.
 *
 * @param jars native jars on the class path
 * @param folder a folder with libtorch that {@code PYTORCH_LIBRARY_PATH} names; wins over jars;
 *     null when there is none
 */
record NativeProbe(List<NativeJar> jars, @Nullable NativeFolder folder) {

  static final String TOPIC = "Native";

  static NativeProbe examine(Machine machine) {
    return new NativeProbe(machine.nativeJars(), NativeFolder.find(machine));
  }

  /** The one native jar that counts, null when a folder does, or none or several. */
  @Nullable NativeJar jar() {
    return folder == null && jars.size() == 1 ? jars.get(0) : null;
  }

  /** The flavour in effect as far as it is known, such as {@code cu121}; null when it is not. */
  @Nullable String flavor() {
    NativeJar jar = jar();
    if (folder != null) {
      return folder.flavor() == null && !folder.isCuda() ? "cpu" : folder.flavor();
    }
    return jar == null ? null : jar.flavor();
  }

  /** Whether it is built for CUDA. */
  boolean isCuda() {
    NativeJar jar = jar();
    return folder != null ? folder.isCuda() : jar != null && jar.isCuda();
  }

  /** The CUDA version it is built for: 121 for 12.1; 0 when unknown or none. */
  int cudaVersion() {
    String flavor = flavor();
    return flavor != null && flavor.matches("cu\\d{3}.*")
        ? Integer.parseInt(flavor.substring(2, 5))
        : 0;
  }

  /** The only GPU generation it has machine code for, such as {@code 90}; 0 for PyTorch's all. */
  int arch() {
    return folder == null ? 0 : folder.arch();
  }

  Finding finding(Machine machine, CudaDriver driver) {
    if (folder != null) {
      return folder.finding(machine, driver);
    }
    String named = machine.setting("PYTORCH_LIBRARY_PATH");
    String passedOver =
        named == null
            ? ""
            : "; PYTORCH_LIBRARY_PATH is passed over, because there is no "
                + Platform.of(machine).library("torch")
                + " in "
                + named;
    if (jars.size() > 1) {
      return Finding.error(
          TOPIC,
          jars.size() + " native jars on the class path, and DJL picks one silently: " + jars,
          "keep the dependency on one of them: pytorch-native-cpu or pytorch-native-cu121");
    }
    if (jars.isEmpty()) {
      return Finding.error(
          TOPIC,
          "no native jar on the class path"
              + (CacheProbe.isOffline(machine)
                  ? ", and DJL is offline, so it can't download libtorch either"
                  : "; DJL would download libtorch at the first use")
              + passedOver,
          "depend on ai.djl.pytorch:pytorch-native-cpu or pytorch-native-cu121, version 2.3.1,"
              + " classifier "
              + Platform.of(machine).classifier());
    }
    return jarFinding(machine, jars.get(0), passedOver);
  }

  private static Finding jarFinding(Machine machine, NativeJar jar, String passedOver) {
    String here = Platform.of(machine).classifier();
    if (!jar.classifier().equals(here)) {
      return Finding.error(
          TOPIC,
          jar + " does not fit this machine: " + here,
          "use the jar with classifier " + here);
    }
    String version = machine.setting("PYTORCH_VERSION");
    if (version != null && !jar.version().startsWith(version)) {
      return Finding.error(
          TOPIC,
          jar
              + " is not the version that PYTORCH_VERSION asks for: "
              + version
              + "; DJL would download another",
          "unset PYTORCH_VERSION");
    }
    String text = jar + ": the only native jar on the class path";
    return passedOver.isEmpty()
        ? Finding.ok(TOPIC, text)
        : Finding.warning(TOPIC, text + passedOver, "unset PYTORCH_LIBRARY_PATH, or correct it");
  }
}
