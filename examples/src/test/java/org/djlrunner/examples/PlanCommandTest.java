package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code runner plan}, in this process. */
class PlanCommandTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 64
        train: {type: FashionMNIST, data_prefix: FOLDER}
        val: {type: FashionMNIST, data_prefix: FOLDER, test_mode: true}
      optimizer:
        {type: SGD, lr: 0.1, momentum: 0.9, paramwise_cfg: {bias_lr_mult: 2}}
      lr_config: {policy: step, step: [2]}
      runner: {type: EpochBasedRunner, max_epochs: 3, max_duration: 2h}
      workflow: [[train, 2], [val, 1]]
      evaluation: {interval: 1}
      checkpoint_config: {interval: 1}
      custom_hooks: [{type: EMAHook}, {type: EarlyStoppingHook, monitor: loss, priority: 80}]
      """;

  @TempDir private Path folder;
  @TempDir private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... more) throws IOException {
    // The heads of the labels' files are all that a plan needs of the data.
    head("train-labels-idx1-ubyte", 60_000);
    head("t10k-labels-idx1-ubyte", 10_000);
    String config = CONFIG.replace("FOLDER", data.toString());
    Path file = Files.writeString(folder.resolve("plan.yaml"), config);
    CommandLine commandLine = RunnerCli.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] args = new String[more.length + 2];
    args[0] = "plan";
    args[1] = file.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return RunnerCli.execute(commandLine, args);
  }

  private void head(String name, int count) throws IOException {
    Files.write(data.resolve(name), ByteBuffer.allocate(8).putInt(0x801).putInt(count).array());
  }

  @Test
  @DisplayName("X09 the plan tells limits, workflow, groups and hooks without any data")
  void plan() throws IOException {
    assertThat(run()).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines)
        .startsWith(
            "EpochBasedRunner, 3 epochs, 2,814 training iterations in all, at most 7200 s",
            "Workflow, repeated until then:",
            "  (train, 2) on 938 batches a pass",
            "  (val, 1) on 157 batches a pass",
            "Parameter groups of Sgd:");
    assertThat(lines).filteredOn(line -> line.contains("lr 0.1, momentum 0.9")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains("lr 0.2, momentum 0.9")).hasSize(1);
    assertThat(out.toString())
        .contains(
            """
            after_train_epoch:
            (ABOVE_NORMAL) OptimizerHook
            (LOW         ) EvalHook
            (80          ) EarlyStoppingHook
            (VERY_LOW    ) CheckpointHook
            """);
    assertThat(folder.toFile().list()).containsExactly("plan.yaml");
  }

  @Test
  @DisplayName("X02 X09 mistakes are told as training would")
  void mistakes() throws IOException {
    assertThat(run("--cfg-options", "optimizer.momentun=1")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown key 'momentun', did you mean 'momentum'?");
  }
}
