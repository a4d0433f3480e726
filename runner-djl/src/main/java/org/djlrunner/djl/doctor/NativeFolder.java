package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A folder with libtorch that {@code PYTORCH_LIBRARY_PATH} names.
 *
 * <p>It may describe itself in a file {@code pytorch.properties}, in the words of the native jars
 * and with {@code arch} beside them; the folders that {@code ./runner bundle} makes do.
 *
 * @param path the folder
 * @param isCuda whether it holds the CUDA libraries
 * @param flavor what it says it is, such as {@code cu121}, null when it does not
 * @param arch the only GPU generation it has machine code for, such as {@code 90}; 0 for all that
 *     PyTorch is built for
 */
record NativeFolder(Path path, boolean isCuda, @Nullable String flavor, int arch) {

  /** The file a folder describes itself with. */
  static final String DESCRIPTION = "pytorch.properties";

  /** The first folder of {@code PYTORCH_LIBRARY_PATH} that DJL takes; null when there is none. */
  static @Nullable NativeFolder find(Machine machine) {
    Platform platform = Platform.of(machine);
    String separator = platform.isWindows() ? ";" : ":";
    for (Path folder : LoaderPath.split(machine.setting("PYTORCH_LIBRARY_PATH"), separator)) {
      if (machine.exists(folder.resolve(platform.library("torch")))) {
        return describe(machine, folder);
      }
    }
    return null;
  }

  private static NativeFolder describe(Machine machine, Path folder) {
    boolean cuda = machine.exists(folder.resolve(Platform.of(machine).library("torch_cuda")));
    Properties own = new Properties();
    try {
      own.load(new StringReader(String.join("\n", machine.lines(folder.resolve(DESCRIPTION)))));
    } catch (IOException | IllegalArgumentException e) {
      own.clear();
    }
    String arch = own.getProperty("arch", "");
    return new NativeFolder(
        folder,
        cuda,
        own.getProperty("flavor"),
        arch.matches("\\d{2,3}") ? Integer.parseInt(arch) : 0);
  }

  private boolean isOfBundle(Machine machine) {
    String bundle = machine.env("RUNNER_BUNDLE");
    return bundle != null && path.startsWith(bundle);
  }

  /** What DJL shall treat it as: see {@code LibUtils} in DJL, which loads by this name. */
  Finding finding(Machine machine, CudaDriver driver) {
    String named = machine.setting("PYTORCH_FLAVOR");
    String text =
        (flavor == null ? isCuda ? "CUDA" : "CPU" : flavor)
            + (arch == 0 ? "" : ", compute capability " + CudaProbe.version(arch) + " only,")
            + " from "
            + path
            + (isOfBundle(machine) ? ", this bundle's" : ", because PYTORCH_LIBRARY_PATH names it");
    if (named == null) {
      return Finding.warning(
          NativeProbe.TOPIC,
          text + "; DJL guesses the flavour of the JNI library, and often wrongly (-precxx11)",
          "set PYTORCH_FLAVOR too, such as PYTORCH_FLAVOR=" + (isCuda ? "cu121" : "cpu"));
    }
    if (named.startsWith("cu") && !isCuda) {
      return Finding.error(
          NativeProbe.TOPIC,
          text + "; it is built for the CPU, but PYTORCH_FLAVOR is " + named,
          "set PYTORCH_FLAVOR=cpu, or name a folder with libtorch for CUDA");
    }
    if (named.startsWith("cu") && !driver.found() && Platform.of(machine).isLinux()) {
      return Finding.error(
          NativeProbe.TOPIC,
          text
              + "; as PYTORCH_FLAVOR="
              + named
              + " it needs "
              + CudaDriver.libraryName(machine)
              + ", which NVIDIA's driver brings",
          "make the driver usable as said below; or, to train on the CPU, set PYTORCH_FLAVOR=cpu");
    }
    if (isCuda && named.startsWith("cpu") && driver.found()) {
      return Finding.warning(
          NativeProbe.TOPIC,
          text + "; it is built for CUDA and there is a driver, but PYTORCH_FLAVOR is " + named,
          "set PYTORCH_FLAVOR=" + (flavor == null ? "cu121" : flavor));
    }
    return Finding.ok(NativeProbe.TOPIC, text);
  }
}
