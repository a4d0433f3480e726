package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.djlrunner.RunResult;
import org.djlrunner.StopReason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's promises that a test can keep. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Path EXAMPLE =
      Path.of("src/main/java/org/djlrunner/examples/TrainInCode.java");
  private static final String FIRST_LINE = "  static RunResult train(Path workDir) {";

  @TempDir private Path folder;

  @Test
  @DisplayName("X03 the library example is the file that is compiled")
  void example() throws IOException {
    String source = Files.readString(EXAMPLE);
    String shown = source.substring(source.indexOf(FIRST_LINE), source.lastIndexOf('}'));
    assertThat(Files.readString(README))
        .contains("```java\n" + shown.replaceAll("(?m)^  ", "").strip());
  }

  @Test
  @DisplayName("X03 the library example runs, trains and calls its own hook")
  void exampleRuns() {
    RunResult result = TrainInCode.train(folder);
    assertThat(result.stopReason()).isEqualTo(new StopReason.LimitReached());
    assertThat(result.progress().iter()).isEqualTo(124);
    assertThat(folder.resolve("epoch_2.safetensors")).exists();
    assertThat(folder).isDirectoryContaining("glob:**.log");
    assertThat(folder.toFile().listFiles((dir, name) -> name.endsWith(".log")))
        .singleElement()
        .satisfies(log -> assertThat(log).content().contains("Trained on 124 batches"));
  }
}
