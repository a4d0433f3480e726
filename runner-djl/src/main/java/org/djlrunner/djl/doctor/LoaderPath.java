package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the system's loader looks for a library that is asked for by name.
 *
 * @param folders in the loader's order
 * @param cached libraries the loader knows from its cache (Linux)
 */
record LoaderPath(List<Path> folders, List<Path> cached) {

  static LoaderPath of(Machine machine) {
    if (Platform.of(machine).isWindows()) {
      List<Path> folders = new ArrayList<>();
      String root = machine.env("SystemRoot");
      folders.add(Path.of(root == null ? "C:\\Windows" : root, "System32"));
      folders.addAll(split(machine.env("PATH"), ";"));
      return new LoaderPath(folders, List.of());
    }
    List<Path> folders = split(machine.env("LD_LIBRARY_PATH"), ":");
    for (String system : List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib")) {
      folders.add(Path.of(system));
    }
    return new LoaderPath(folders, machine.loaderCache());
  }

  /** The file that the loader would take for exactly this name, null when it finds none. */
  @Nullable Path find(Machine machine, String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (machine.exists(file)) {
        return file;
      }
    }
    for (Path file : cached) {
      if (file.endsWith(name)) {
        return file;
      }
    }
    return null;
  }

  static List<Path> split(@Nullable String path, String separator) {
    List<Path> folders = new ArrayList<>();
    if (path != null) {
      Arrays.stream(path.split(separator))
          .filter(folder -> !folder.isBlank())
          .map(Path::of)
          .forEach(folders::add);
    }
    return folders;
  }
}
