package org.djlrunner.djl.doctor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaLibrary;
import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine that this JVM runs on. */
final class ThisMachine implements Machine {

  @Override
  public @Nullable String property(String name) {
    return System.getProperty(name);
  }

  @Override
  public @Nullable String env(String name) {
    return System.getenv(name);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public boolean isFolder(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public boolean isWritable(Path path) {
    return Files.isWritable(path);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public List<Path> loaderCache() {
    Path ldconfig = Path.of("/sbin/ldconfig");
    if (!Files.isExecutable(ldconfig)) {
      return List.of();
    }
    try {
      Process process =
          new ProcessBuilder(ldconfig.toString(), "-p")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return out.lines()
          .filter(line -> line.contains(" => "))
          .map(line -> Path.of(line.substring(line.indexOf(" => ") + 4)))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  @Override
  public @Nullable String libc() {
    try (Stream<Path> lib = Files.list(Path.of("/lib"))) {
      if (lib.anyMatch(file -> file.toString().contains("/ld-musl-"))) {
        return "musl";
      }
    } catch (IOException e) {
      return null;
    }
    try {
      Function version = Function.getFunction("c", "gnu_get_libc_version");
      return "glibc " + version.invokeString(new Object[0], false);
    } catch (LinkageError e) {
      return null;
    }
  }

  @Override
  public List<NativeJar> nativeJars() {
    return nativeJars(Thread.currentThread().getContextClassLoader());
  }

  static List<NativeJar> nativeJars(ClassLoader loader) {
    List<NativeJar> jars = new ArrayList<>();
    try {
      for (URL url : Collections.list(loader.getResources(NativeJar.RESOURCE))) {
        jars.add(NativeJar.read(url));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a native jar on the class path can't be read: " + e, e);
    }
    return jars;
  }

  @Override
  public int gpuCount() {
    return CudaUtils.getGpuCount();
  }

  /** Asks anew, because {@link CudaUtils} only logs the answer. */
  @Override
  public @Nullable String gpuCountFailure() {
    CudaLibrary cuda = Native.load("cudart", CudaLibrary.class);
    int answer = cuda.cudaGetDeviceCount(new int[1]);
    return answer == 0 ? null : cuda.cudaGetErrorString(answer) + " (error " + answer + ")";
  }

  @Override
  public int cudaVersion() {
    return Integer.parseInt(CudaUtils.getCudaVersionString());
  }

  @Override
  public int driverCudaVersion() {
    String library = CudaDriver.libraryName(this).replace(".dll", "");
    try {
      int[] version = new int[1];
      int answer =
          NativeLibrary.getInstance(library)
              .getFunction("cuDriverGetVersion")
              .invokeInt(new Object[] {version});
      // 12040 for 12.4
      return answer == 0 ? version[0] / 1000 * 10 + version[0] % 1000 / 10 : 0;
    } catch (LinkageError e) {
      return 0;
    }
  }

  @Override
  public Gpu gpu(int index) {
    MemoryUsage memory = CudaUtils.getGpuMemory(Device.gpu(index));
    String capability = CudaUtils.getComputeCapability(index);
    return new Gpu(
        index, GpuNames.of(this).orElse(null), memory.getMax(), memory.getUsed(), capability);
  }

  @Override
  public void prepareNatives() {
    NativeSetup.prepare();
  }

  @Override
  public LoadedEngine loadEngine() {
    Engine engine = Engine.getEngine("PyTorch");
    return new LoadedEngine(
        engine.getVersion(),
        LibUtils.getLibtorchPath(),
        JniUtils.getFeatures(),
        JniUtils.getNumThreads(),
        JniUtils.getNumInteropThreads());
  }

  @Override
  public int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public long heapBytes() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public long physicalBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }
}
