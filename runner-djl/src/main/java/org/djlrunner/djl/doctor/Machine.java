package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the probes ask of the computer and of DJL; tests play any machine through it.
 *
 * <p>Nothing here loads a native library except {@link #gpuCount}, {@link #gpuCountFailure}, {@link
 * #cudaVersion}, {@link #gpu} (the CUDA runtime), {@link #driverCudaVersion} (the driver), {@link
 * #libc} and {@link #loadEngine}.
 */
interface Machine {

  /** A Java system property, null when unset. */
  @Nullable String property(String name);

  /** An environment variable, null when unset. */
  @Nullable String env(String name);

  boolean exists(Path path);

  boolean isFolder(Path path);

  boolean isWritable(Path path);

  long freeBytes(Path folder) throws IOException;

  /** The lines of a text file; none when it can't be read. */
  List<String> lines(Path file);

  /** The files in a folder; none when it can't be read. */
  List<Path> files(Path folder);

  /** The libraries that the system's loader knows by its cache ({@code ldconfig -p}). */
  List<Path> loaderCache();

  /** The C library, such as {@code glibc 2.36}; null when unknown. */
  @Nullable String libc();

  /** The native jars of PyTorch on the class path. */
  List<NativeJar> nativeJars();

  /** How many GPUs DJL counts; 0 also when it can't find out. */
  int gpuCount();

  /** What the CUDA runtime answers to a count of GPUs when it fails; null when it does not. */
  @Nullable String gpuCountFailure();

  /** The version of the CUDA runtime that DJL counts with: 121 for 12.1. Throws without one. */
  int cudaVersion();

  /** The newest CUDA that the driver supports: 124 for 12.4; 0 when it does not tell. */
  int driverCudaVersion();

  /** One GPU, by CUDA's index from 0. */
  Gpu gpu(int index);

  /** Lets DJL count GPUs, and run the CUDA native without one; see {@link NativeSetup}. */
  void prepareNatives();

  /** Loads DJL's PyTorch engine; unpacks the native jar where that has not happened yet. */
  LoadedEngine loadEngine();

  int processors();

  long heapBytes();

  /** Memory of the machine or container in bytes; 0 when unknown. */
  long physicalBytes();

  /** Environment variable, else system property: the order in which DJL reads its settings. */
  default @Nullable String setting(String name) {
    String value = env(name);
    if (value == null) {
      value = property(name);
    }
    return value == null || value.isEmpty() ? null : value;
  }

  /** A system property that always exists, such as {@code os.name}. */
  default String propertyOr(String name, String absent) {
    String value = property(name);
    return value == null ? absent : value;
  }
}
