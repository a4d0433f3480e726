package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.djlrunner.djl.doctor.NativeLibraries;

/** Makes a bundle: {@code lib}, {@code native}, {@code configs}, start script, runtime, checks. */
public final class Bundle {

  /** The only system that the start script and the libraries are for. */
  private static final String CLASSIFIER = "linux-x86_64";

  private final BundleRequest request;
  private final Consumer<String> progress;

  /**
   * Prepares one.
   *
   * @param progress gets a line for each part
   */
  public Bundle(BundleRequest request, Consumer<String> progress) {
    this.request = request;
    this.progress = progress;
  }

  /**
   * Writes it; the folder appears when all is there.
   *
   * @param out a folder that is missing, empty, or another bundle, which is replaced
   * @throws BundleException if it can't be made; nothing is left behind
   */
  public void write(Path out) {
    try {
      Jars jars = Jars.of(request.classPath());
      try (URLClassLoader loader = jars.nativesLoader();
          BundleFolder folder = BundleFolder.begin(out)) {
        NativeLibraries libraries = onlyNative(loader);
        requireRoom(folder.path(), libraries);
        fill(folder, jars, libraries);
        folder.finish();
      }
    } catch (IOException e) {
      throw new BundleException("the bundle can't be written: " + e, e);
    }
  }

  private void fill(BundleFolder folder, Jars jars, NativeLibraries libraries) throws IOException {
    progress.accept("Copying " + jars.libraries().size() + " jars");
    copy(jars.libraries(), folder.folder("lib"));
    progress.accept(
        "Unpacking " + libraries.origin() + ", " + (libraries.unpackedBytes() >> 20) + " MiB");
    BundleNatives natives = new BundleNatives(libraries, folder.folder("native"), progress);
    String djl = JarVersions.of("api", jars.libraries());
    natives.unpack(djl);
    if (request.arch() != 0) {
      progress.accept("Clearing machine code that is not for sm_" + request.arch());
      natives.prune(
          request.repository().resolve("examples/bundle/prune_fatbin.py"), request.arch());
    }
    natives.describe(request.arch());
    BundleScripts.write(request.repository().resolve("examples/bundle"), libraries, folder.path());
    copyFiles(request.repository().resolve("examples/configs"), folder.folder("configs"));
    if (request.jre()) {
      progress.accept("Making a Java runtime");
      SmallRuntime.make(Path.of(System.getProperty("java.home")), folder.path().resolve("jre"));
    }
    String checks = request.checksClassPath();
    if (checks != null) {
      copyChecks(folder, jars, Jars.of(checks));
    }
    Files.writeString(
        folder.path().resolve(BundleFolder.NOTES),
        BundleNotes.of(
            request,
            libraries.flavor() + ", " + libraries.version(),
            List.of(
                "DJL: " + djl, "djl-runner: " + JarVersions.of("runner-core", jars.libraries())),
            libraries.flavor().startsWith("cu")));
  }

  private void copyChecks(BundleFolder folder, Jars jars, Jars checks) throws IOException {
    progress.accept("Copying the checks");
    List<String> there = jars.libraries().stream().map(Bundle::name).toList();
    copy(
        checks.libraries().stream().filter(jar -> !there.contains(name(jar))).toList(),
        folder.folder("checks/lib"));
    Path sources = request.repository().resolve("benchmarks");
    copyFiles(sources, folder.folder("checks"));
    Files.delete(folder.path().resolve("checks/pom.xml"));
    if (Files.isDirectory(sources.resolve("gpu"))) {
      copyFiles(sources.resolve("gpu"), folder.folder("checks/gpu"));
    }
  }

  private static NativeLibraries onlyNative(ClassLoader loader) {
    NativeLibraries libraries;
    try {
      libraries = NativeLibraries.seenBy(loader);
    } catch (IllegalStateException e) {
      throw new BundleException(e.getMessage() + "; make bundles with ./runner bundle", e);
    }
    if (!libraries.classifier().equals(CLASSIFIER)) {
      throw new BundleException(
          "bundles are for "
              + CLASSIFIER
              + ", and this native is for "
              + libraries.classifier()
              + "; make it on Linux with x86-64");
    }
    return libraries;
  }

  private static void requireRoom(Path folder, NativeLibraries libraries) throws IOException {
    // Jars, a runtime and checks take 300 MB at most.
    long needed = libraries.unpackedBytes() + (300L << 20);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new BundleException(
          "the bundle takes %d MiB, and %d MiB are free at %s; make room there, or name another place"
              .formatted(needed >> 20, free >> 20, folder.getParent()));
    }
  }

  private static void copy(List<Path> jars, Path folder) throws IOException {
    for (Path jar : jars) {
      ForeignNatives.dropFrom(Files.copy(jar, folder.resolve(name(jar))));
    }
  }

  /** The plain files of a folder, as executable as they are. */
  private static void copyFiles(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(name(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static String name(Path file) {
    return Objects.toString(file.getFileName());
  }
}
