package org.djlrunner.examples.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles made of jars that only look like libtorch, with the scripts and configs of this project.
 */
@EnabledOnOs(OS.LINUX)
class BundleTest {

  private static final Path REPOSITORY = Path.of("..");
  private static final List<String> CPU = List.of("libc10.so", "libtorch.so", "libtorch_cpu.so");
  private static final List<String> CUDA =
      List.of("libtorch.so", "libtorch_cuda.so", "libcudart-9335f6a2.so.12");

  @TempDir private Path folder;
  private final List<String> progress = new ArrayList<>();

  private FakeNative jars(String flavor, List<String> libraries) throws IOException {
    return new FakeNative(folder.resolve("jars"))
        .torch(flavor, "linux-x86_64", libraries, List.of())
        .jni(flavor)
        .jar("api-0.29.0", Map.of("ai/djl/Device.class", "a class"))
        .jar("runner-core-0.1.0", Map.of("org/djlrunner/Runner.class", "a class"));
  }

  private Path out() {
    return folder.resolve("out/bundle");
  }

  private Path write(FakeNative jars, @Nullable String checks, int arch) {
    new Bundle(new BundleRequest(REPOSITORY, jars.classPath(), checks, false, arch), progress::add)
        .write(out());
    return out();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Runs a script of the bundle with a Java that only prints its arguments and settings. */
  private String start(Path bundle, Map<String, String> environment, String... arguments)
      throws IOException {
    Path java = Files.createDirectories(bundle.resolve("jre/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nenv | sort\necho \"arguments: $*\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin:/usr/sbin"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.add(bundle.resolve("runner").toString());
    command.addAll(List.of(arguments));
    return OtherProgram.run("starting the bundle", command);
  }

  @Test
  @DisplayName("X07 a bundle holds jars, libraries, configs and a start script")
  void parts() throws IOException {
    Path bundle = write(jars("cpu", CPU), null, 0);
    assertThat(names(bundle))
        .containsExactly("BUNDLE.md", "configs", "env.sh", "lib", "native", "runner");
    assertThat(names(bundle.resolve("lib")))
        .containsExactly("api-0.29.0.jar", "runner-core-0.1.0.jar");
    assertThat(names(bundle.resolve("native")))
        .containsExactly(
            "0.29.0-libdjl_torch.so",
            "libc10.so",
            "libtorch.so",
            "libtorch_cpu.so",
            "pytorch.properties");
    assertThat(bundle.resolve("native/libtorch_cpu.so")).hasContent("this is libtorch_cpu.so");
    assertThat(bundle.resolve("configs/quickstart.yaml"))
        .hasSameTextualContentAs(REPOSITORY.resolve("examples/configs/quickstart.yaml"));
    assertThat(bundle.resolve("runner")).isExecutable();
    assertThat(bundle.resolve("BUNDLE.md"))
        .content()
        .contains("cpu, 2.3.1-20240621", "DJL: 0.29.0", "djl-runner: 0.1.0", "JAVA_HOME");
    assertThat(names(folder.resolve("out"))).containsExactly("bundle");
  }

  @Test
  @DisplayName("X07 libraries of other systems stay out of its jars, all else is in them as it was")
  void onlyThisSystem() throws IOException {
    Map<String, String> kept =
        Map.of(
            "org/a/A.class", "a class",
            "a/linux/x86_64/liba.so", "this system's",
            "com/b/linux-x86-64/libb.so", "this system's too",
            "windows/README.md", "a text");
    Map<String, String> all = new HashMap<>(kept);
    for (String other :
        List.of(
            "linux/ARMv8/liba.so",
            "linux/x86_32/liba.so",
            "osx/x86_64/liba.dylib",
            "windows/x86_64/a.dll",
            "com/b/freebsd-x86-64/libb.so",
            "com/b/sunos-x86-64/libb.so",
            "com/b/darwin-x86-64/libb.jnilib",
            "com/b/aix-ppc/libb.a")) {
      all.put(other, "another system's");
    }
    FakeNative jars = jars("cpu", CPU).jar("opencv-4.9.0-0", all);
    Path bundle = write(jars, null, 0);
    Map<String, String> found = new HashMap<>();
    try (ZipFile jar = new ZipFile(bundle.resolve("lib/opencv-4.9.0-0.jar").toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (!entry.isDirectory()) {
          byte[] bytes = jar.getInputStream(entry).readAllBytes();
          found.put(entry.getName(), new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
    assertThat(found).isEqualTo(kept);
  }

  @Test
  @DisplayName("X07 its start script sets all that DJL needs to stay off the network")
  void start() throws IOException {
    Path bundle = write(jars("cpu", CPU), null, 0);
    assertThat(start(bundle, Map.of("RUNNER_JAVA_OPTS", "-Xmx8g"), "train", "a b.yaml"))
        .contains(
            "PYTORCH_LIBRARY_PATH=" + bundle + "/native\n",
            "PYTORCH_FLAVOR=cpu\n",
            "PYTORCH_VERSION=2.3.1\n",
            "DJL_OFFLINE=true\n",
            "OPT_OUT_TRACKING=true\n",
            "RUNNER_BUNDLE=" + bundle + "\n",
            "GOMP_SPINCOUNT=2000\n",
            " -Xmx8g -cp " + bundle + "/lib/* org.djlrunner.examples.RunnerCli train a b.yaml\n")
        .doesNotContain("LD_LIBRARY_PATH=/");
    assertThatThrownBy(() -> start(bundle, Map.of(), "--cuda", "doctor"))
        .hasMessageContaining("exit code 2")
        .hasMessageContaining("this bundle holds libtorch for cpu");
  }

  @Test
  @DisplayName("X07 with CUDA the driver decides what DJL is told")
  void startWithCuda() throws IOException {
    Path bundle = write(jars("cu121", CUDA), null, 0);
    assertThat(bundle.resolve("native/cudart/libcudart.so"))
        .isSymbolicLink()
        .hasContent("this is libcudart-9335f6a2.so.12");
    Path driver = Files.createDirectories(folder.resolve("driver"));
    Files.createFile(driver.resolve("libcuda.so.1"));
    assertThat(start(bundle, Map.of("LD_LIBRARY_PATH", driver.toString()), "doctor"))
        .contains(
            "PYTORCH_FLAVOR=cu121\n",
            "LD_LIBRARY_PATH=" + bundle + "/native/cudart:" + driver + "\n",
            "CUDA_MODULE_LOADING=LAZY\n");
    assertThat(bundle.resolve("native/pytorch.properties"))
        .content()
        .contains("flavor=cu121")
        .doesNotContain("arch");
  }

  @Test
  @DisplayName("X07 its CUDA runtime comes before a driver's folder that had to be found")
  void unusualDriver() throws IOException {
    Path bundle = write(jars("cu121", CUDA), null, 0);
    Path driver = Files.createDirectories(folder.resolve("driver"));
    Files.createFile(driver.resolve("libcuda.so.1"));
    Path settings = bundle.resolve("env.sh");
    String text = Files.readString(settings);
    Files.writeString(settings, text.replace("/usr/lib/wsl/lib", driver.toString()));
    assertThat(start(bundle, Map.of(), "doctor"))
        .contains("LD_LIBRARY_PATH=" + bundle + "/native/cudart");
  }

  @Test
  @DisplayName("X07 where there is no Java, its settings say so and leave the shell alive")
  void noJava() throws IOException {
    Path settings = write(jars("cpu", CPU), null, 0).resolve("env.sh");
    String script = "source " + settings + " 2>&1; echo \"status $?, still alive\"";
    assertThat(
            OtherProgram.run(
                "sourcing the settings",
                List.of("env", "-i", "JAVA_HOME=/nowhere", "/bin/bash", "-c", script)))
        .contains("this bundle has no jre/", "status 1, still alive");
  }

  @Test
  @DisplayName("X07 checks bring their own jars, and the scripts of the benchmarks")
  void checks() throws IOException {
    FakeNative jars = jars("cpu", CPU);
    String checks = new FakeNative(folder.resolve("more")).jar("junit-6", Map.of()).classPath();
    Path bundle = write(jars, jars.classPath() + ":" + checks, 0);
    assertThat(names(bundle.resolve("checks/lib"))).containsExactly("junit-6.jar");
    assertThat(bundle.resolve("checks/pytorch_baseline.py")).isExecutable();
    assertThat(bundle.resolve("checks/pom.xml")).doesNotExist();
  }

  @Test
  @DisplayName("X07 a bundle is replaced, anything else is left alone")
  void replacing() throws IOException {
    FakeNative jars = jars("cpu", CPU);
    Files.createDirectories(out());
    Files.writeString(write(jars, null, 0).resolve("old"), "");
    assertThat(write(jars, null, 0).resolve("old")).doesNotExist();
    assertThat(names(folder.resolve("out"))).containsExactly("bundle");

    Files.delete(out().resolve("BUNDLE.md"));
    Path mine = Files.writeString(out().resolve("mine"), "precious");
    assertThatThrownBy(() -> write(jars, null, 0))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("neither empty nor a bundle");
    assertThat(mine).hasContent("precious");
  }

  @Test
  @DisplayName("X07 a bundle that can't be replaced is there as before")
  void notReplaced() throws IOException {
    Path bundle = write(jars("cpu", CPU), null, 0);
    assertThatThrownBy(() -> BundleFolder.replace(bundle, folder.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(bundle.resolve("BUNDLE.md")).exists();
    assertThat(names(folder.resolve("out"))).containsExactly("bundle");
  }

  @Test
  @DisplayName("X07 nothing remains of a bundle whose making is interrupted")
  void interrupted() throws IOException {
    Process maker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Interrupted.class.getName(),
                out().toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(names(folder.resolve("out"))).isEmpty();
  }

  /** Closes a bundle in the making while the JVM shuts down. */
  static final class Interrupted {
    private Interrupted() {}

    /** Takes the bundle's place. */
    public static void main(String[] args) throws IOException {
      BundleFolder bundle = BundleFolder.begin(Path.of(args[0]));
      Files.writeString(bundle.path().resolve("file"), "");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try {
                      bundle.close();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }));
    }
  }

  @Test
  @DisplayName("X07 nothing remains of a bundle that fails")
  void failing() throws IOException {
    FakeNative jars =
        new FakeNative(folder.resolve("jars"))
            .torch("cpu", "linux-x86_64", CPU, List.of("libtorch_cpu.so"))
            .jar("api-0.29.0", Map.of());
    assertThatThrownBy(() -> write(jars, null, 0))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("libtorch_cpu.so is not on the class path");
    assertThat(names(folder.resolve("out"))).isEmpty();
  }

  @Test
  @DisplayName("X07 what is no library of machine code can't be pruned")
  void pruning() throws IOException {
    FakeNative jars = jars("cu121", CUDA);
    assertThatThrownBy(() -> write(jars, null, 90))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("pruning the libraries")
        .hasMessageContaining("python3");
    assertThat(names(folder.resolve("out"))).isEmpty();
  }

  @Test
  @DisplayName("X07 class paths that no bundle can be made of are refused")
  void classPaths() throws IOException {
    FakeNative arm =
        new FakeNative(folder.resolve("arm")).torch("cpu", "linux-aarch64", CPU, List.of());
    assertThatThrownBy(() -> write(arm, null, 0)).hasMessageContaining("linux-aarch64");
    FakeNative none = new FakeNative(folder.resolve("none")).jar("api-0.29.0", Map.of());
    assertThatThrownBy(() -> write(none, null, 0)).hasMessageContaining("expected one native jar");
    BundleRequest classes = new BundleRequest(REPOSITORY, folder.toString(), null, false, 0);
    assertThatThrownBy(() -> new Bundle(classes, progress::add).write(out()))
        .hasMessageContaining("is no jar; make bundles with ./runner bundle");
  }
}
