package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of PyTorch's libraries DJL would load, found out without loading any.
 *
 * @param jars native jars on the class path
 * @param folder a folder with libtorch that {@code PYTORCH_LIBRARY_PATH} names; wins over jars;
 *     null when there is none
 * @param flavor the flavour in effect, null when there is none
 * @param isCuda whether it is built for CUDA
 */
record NativeProbe(
    List<NativeJar> jars, @Nullable Path folder, @Nullable String flavor, boolean isCuda) {

  static final String TOPIC = "Native";

  static NativeProbe examine(Machine machine) {
    List<NativeJar> jars = machine.nativeJars();
    Platform platform = Platform.of(machine);
    String separator = platform.isWindows() ? ";" : ":";
    for (Path folder : LoaderPath.split(machine.setting("PYTORCH_LIBRARY_PATH"), separator)) {
      if (machine.exists(folder.resolve(platform.library("torch")))) {
        boolean cuda = machine.exists(folder.resolve(platform.library("torch_cuda")));
        String named = machine.setting("PYTORCH_FLAVOR");
        String flavor = named != null ? named : cuda ? "CUDA" : "CPU";
        return new NativeProbe(jars, folder, flavor, cuda);
      }
    }
    NativeJar jar = jars.size() == 1 ? jars.get(0) : null;
    return new NativeProbe(
        jars, null, jar == null ? null : jar.flavor(), jar != null && jar.isCuda());
  }

  /** The one native jar that counts, null when a folder does, or none or several. */
  @Nullable NativeJar jar() {
    return folder == null && jars.size() == 1 ? jars.get(0) : null;
  }

  Finding finding(Machine machine) {
    if (folder != null) {
      return folderFinding(machine, folder);
    }
    if (jars.size() > 1) {
      return Finding.error(
          TOPIC,
          jars.size() + " native jars on the class path, and DJL picks one silently: " + jars,
          "keep the dependency on one of them: pytorch-native-cpu or pytorch-native-cu121");
    }
    if (jars.isEmpty()) {
      return Finding.error(
          TOPIC,
          "no native jar on the class path; DJL would download libtorch at the first use",
          "depend on ai.djl.pytorch:pytorch-native-cpu or pytorch-native-cu121, version 2.3.1,"
              + " classifier "
              + Platform.of(machine).classifier());
    }
    NativeJar jar = jars.get(0);
    String here = Platform.of(machine).classifier();
    if (!jar.classifier().equals(here)) {
      return Finding.error(
          TOPIC,
          jar + " does not fit this machine: " + here,
          "use the jar with classifier " + here);
    }
    return Finding.ok(TOPIC, jar + ": the only native jar on the class path");
  }

  private Finding folderFinding(Machine machine, Path libraries) {
    String text = flavor + " from " + libraries + ", because PYTORCH_LIBRARY_PATH names it";
    if (machine.setting("PYTORCH_FLAVOR") == null) {
      return Finding.warning(
          TOPIC,
          text + "; DJL guesses the flavour of the JNI library, and often wrongly (-precxx11)",
          "set PYTORCH_FLAVOR too, such as PYTORCH_FLAVOR=cu121");
    }
    return Finding.ok(TOPIC, text);
  }
}
