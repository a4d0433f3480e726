package org.djlrunner.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The scripts of {@code benchmarks/gpu} have tests in their own language. */
class PythonScriptsTest {
  private static final Path SCRIPTS = Path.of("gpu");

  @Test
  @DisplayName("the tests beside the scripts pass, where there is a python3")
  void testsInPython() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder("python3", "-B", "-m", "unittest", "discover", SCRIPTS.toString());
    Process process;
    try {
      process = command.redirectErrorStream(true).start();
    } catch (IOException e) {
      abort("no python3 here: " + e.getMessage());
      throw e;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("Ran [1-9]\\d* tests");
  }
}
