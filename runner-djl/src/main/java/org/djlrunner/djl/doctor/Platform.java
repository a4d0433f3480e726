package org.djlrunner.djl.doctor;

/**
 * Operating system and architecture in the words of the native jars.
 *
 * @param os {@code linux}, {@code osx}, {@code win}, or what Java calls it
 * @param arch {@code x86_64}, {@code aarch64}, or what Java calls it
 */
record Platform(String os, String arch) {

  static Platform of(Machine machine) {
    String name = machine.propertyOr("os.name", "unknown");
    String os =
        name.startsWith("Linux")
            ? "linux"
            : name.startsWith("Mac") ? "osx" : name.startsWith("Win") ? "win" : name;
    String arch = machine.propertyOr("os.arch", "unknown");
    return new Platform(os, arch.equals("amd64") ? "x86_64" : arch);
  }

  boolean isLinux() {
    return os.equals("linux");
  }

  boolean isWindows() {
    return os.equals("win");
  }

  /** The classifier of native jars for here. */
  String classifier() {
    return os + '-' + arch;
  }

  /** The file name of a library, such as {@code libtorch.so}. */
  String library(String name) {
    return isWindows() ? name + ".dll" : "lib" + name + (isLinux() ? ".so" : ".dylib");
  }
}
