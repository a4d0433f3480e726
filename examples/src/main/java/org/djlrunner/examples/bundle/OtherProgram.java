package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program that comes with the repository or the JDK. */
final class OtherProgram {

  private OtherProgram() {}

  /**
   * Runs it to its end and returns what it wrote.
   *
   * @param purpose for messages, such as {@code pruning the libraries}
   * @throws BundleException if it is not there or fails; the message has the end of what it wrote
   */
  static String run(String purpose, List<String> command) {
    String output;
    int exitCode;
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      exitCode = process.waitFor();
    } catch (IOException e) {
      throw new BundleException(
          purpose + " needs " + command.get(0) + ", which does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BundleException(purpose + " was interrupted", e);
    }
    if (exitCode != 0) {
      List<String> lines = output.lines().toList();
      throw new BundleException(
          purpose
              + " failed ("
              + command.get(0)
              + ", exit code "
              + exitCode
              + "): "
              + String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
    }
    return output;
  }
}
