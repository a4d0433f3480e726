package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A machine made of words: files, settings and what CUDA would answer. */
final class PretendMachine implements Machine {

  static final String JAR = "pytorch-native.jar";

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final Map<Path, String> files = new TreeMap<>();
  private final List<Path> cache = new ArrayList<>();
  private final List<NativeJar> jars = new ArrayList<>();
  private final List<Gpu> gpus = new ArrayList<>();
  private @Nullable String countFailure;
  private boolean writable = true;
  private int cudaVersion = 121;
  private int driverCudaVersion = 124;
  private long free = 100 * Bytes.GIB;
  private Set<String> features = Set.of("CPU");
  private @Nullable RuntimeException engineFailure;
  private @Nullable RuntimeException preparationFailure;
  int preparations;
  int loads;

  /** Linux on x86_64 with Java 17 and a home, and nothing else. */
  static PretendMachine linux() {
    PretendMachine machine = new PretendMachine();
    return machine
        .property("os.name", "Linux")
        .property("os.arch", "amd64")
        .property("java.version", "17.0.15")
        .property("user.home", "/home/ada");
  }

  PretendMachine property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  PretendMachine env(String name, String value) {
    variables.put(name, value);
    return this;
  }

  PretendMachine file(String path, String text) {
    files.put(Path.of(path), text);
    return this;
  }

  PretendMachine jar(String flavor) {
    return jar(flavor, "linux-x86_64");
  }

  /** A CUDA native with these libraries. */
  PretendMachine jarOf(List<String> libraries) {
    jars.add(new NativeJar("2.3.1", "cu121", "linux-x86_64", libraries, JAR));
    return this;
  }

  PretendMachine jar(String flavor, String classifier) {
    jars.add(new NativeJar("2.3.1", flavor, classifier, List.of("libcudart-1.so.12"), JAR));
    if (flavor.startsWith("cu")) {
      features = Set.of("CPU", "CUDA");
    }
    return this;
  }

  PretendMachine driver() {
    String nvrm = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 2024";
    return file("/proc/driver/nvidia/version", nvrm + "\nGCC version: 12.2.0")
        .cached("/usr/lib/x86_64-linux-gnu/libcuda.so.1");
  }

  PretendMachine driverCudaVersion(int version) {
    driverCudaVersion = version;
    return this;
  }

  /** An unpacked CUDA native, named as DJL wants it; its description is given as lines. */
  PretendMachine cudaFolder(String... description) {
    features = Set.of("CPU", "CUDA");
    return file("/opt/torch/libtorch.so", "")
        .file("/opt/torch/libtorch_cuda.so", "")
        .file("/opt/torch/pytorch.properties", String.join("\n", description))
        .env("PYTORCH_LIBRARY_PATH", "/opt/torch")
        .env("PYTORCH_FLAVOR", "cu121");
  }

  PretendMachine cudart() {
    return cached("/usr/local/cuda/lib64/libcudart.so");
  }

  PretendMachine cached(String library) {
    cache.add(Path.of(library));
    return this;
  }

  PretendMachine gpu(String computeCapability) {
    gpus.add(new Gpu(gpus.size(), "NVIDIA H100", 80 * Bytes.GIB, Bytes.GIB, computeCapability));
    return this;
  }

  PretendMachine cudaVersion(int version) {
    cudaVersion = version;
    return this;
  }

  PretendMachine countFailure(String answer) {
    countFailure = answer;
    return this;
  }

  PretendMachine readOnly() {
    writable = false;
    return this;
  }

  PretendMachine free(long bytes) {
    free = bytes;
    return this;
  }

  PretendMachine preparationFailure(RuntimeException failure) {
    preparationFailure = failure;
    return this;
  }

  PretendMachine engineFailure(RuntimeException failure) {
    engineFailure = failure;
    return this;
  }

  @Override
  public @Nullable String property(String name) {
    return properties.get(name);
  }

  @Override
  public @Nullable String env(String name) {
    return variables.get(name);
  }

  @Override
  public boolean exists(Path path) {
    return files.containsKey(path) || isFolder(path);
  }

  @Override
  public boolean isFolder(Path path) {
    return path.getNameCount() < 2 || files.keySet().stream().anyMatch(f -> isUnder(f, path));
  }

  @Override
  public boolean isWritable(Path path) {
    return writable;
  }

  @Override
  public long freeBytes(Path folder) {
    return free;
  }

  @Override
  public List<String> lines(Path file) {
    String text = files.get(file);
    return text == null ? List.of() : text.lines().toList();
  }

  @Override
  public List<Path> files(Path folder) {
    int depth = folder.getNameCount() + 1;
    return files.keySet().stream()
        .filter(file -> isUnder(file, folder))
        .map(file -> folder.resolve(file.subpath(depth - 1, depth)))
        .distinct()
        .toList();
  }

  private static boolean isUnder(Path file, Path folder) {
    return file.startsWith(folder) && !file.equals(folder);
  }

  @Override
  public List<Path> loaderCache() {
    return cache;
  }

  @Override
  public String libc() {
    return "glibc 2.36";
  }

  @Override
  public List<NativeJar> nativeJars() {
    return jars;
  }

  @Override
  public int gpuCount() {
    return gpus.size();
  }

  @Override
  public @Nullable String gpuCountFailure() {
    return countFailure;
  }

  @Override
  public int cudaVersion() {
    return cudaVersion;
  }

  @Override
  public int driverCudaVersion() {
    return driverCudaVersion;
  }

  @Override
  public void prepareNatives() {
    preparations++;
    if (preparationFailure != null) {
      throw preparationFailure;
    }
  }

  @Override
  public Gpu gpu(int index) {
    return gpus.get(index);
  }

  @Override
  public LoadedEngine loadEngine() {
    loads++;
    if (engineFailure != null) {
      throw engineFailure;
    }
    return new LoadedEngine("2.3.1", "/cache/lib", features, 8, 4);
  }

  @Override
  public int processors() {
    return 8;
  }

  @Override
  public long heapBytes() {
    return 4 * Bytes.GIB;
  }

  @Override
  public long physicalBytes() {
    return 16 * Bytes.GIB;
  }
}
