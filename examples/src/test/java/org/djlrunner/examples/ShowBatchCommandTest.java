package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code runner show-batch}, in this process. */
class ShowBatchCommandTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 12
        train:
          {type: Glyphs, size: 50, pipeline: [{type: RandomCrop, size: 28, padding: 4}]}
      optimizer: {type: SGD, lr: 0.1}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 1}
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String config, Path picture) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yaml"), config);
    CommandLine commandLine = RunnerCli.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return RunnerCli.execute(
        commandLine, "show-batch", file.toString(), "--out", picture.toString());
  }

  @Test
  @DisplayName("F20 the first training batch is drawn to a file")
  void draws() throws IOException {
    Path picture = folder.resolve("batch.png");
    assertThat(run(CONFIG, picture)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("12 images 28x28x1 drawn to " + picture);
    assertThat(ImageIO.read(picture.toFile()).getWidth()).isGreaterThan(300);
  }

  @Test
  @DisplayName("F20 what the user can put right is one message")
  void mistakes() throws IOException {
    Path picture = folder.resolve("batch.png");
    assertThat(run(CONFIG.replace("RandomCrop", "RandomCorp"), picture)).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean 'RandomCrop'").doesNotContain("at org.");
    assertThat(picture).doesNotExist();
    Path taken = Files.createDirectories(folder.resolve("taken.png/full"));
    assertThat(run(CONFIG, Objects.requireNonNull(taken.getParent()))).isEqualTo(2);
    assertThat(err.toString()).contains("can't be written to");
  }
}
