package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes that are killed and resumed.
 *
 * <p>Each is killed at a random moment behind a random line of its log, three of them unless {@code
 * -Dkills=N} says more. Saving after every second iteration takes much of such a run, so many die
 * while they write.
 */
class KilledRunTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 16
        workers_per_gpu: 1
        train: {type: Glyphs, size: 200, seed: 1}
        val: {type: Glyphs, size: 40, seed: 2}
      optimizer: {type: AdamW, lr: 0.002}
      optimizer_config: {type: GradientCumulativeOptimizerHook, cumulative_iters: 3}
      lr_config: {policy: CosineAnnealing, min_lr: 0, by_epoch: false}
      custom_hooks: [{type: EMAHook, momentum: 0.02}]
      runner: {type: IterBasedRunner, max_iters: 60}
      evaluation: {interval: 20}
      checkpoint_config: {interval: 2, max_keep_ckpts: 3}
      log_config: {interval: 1, hooks: [{type: TextLoggerHook}]}
      device: cpu
      """;

  @TempDir private Path folder;
  private Path config = Path.of("");

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("killed.yaml");
    Files.writeString(config, CONFIG);
  }

  @Test
  @DisplayName(
      "K23 a run that is killed anywhere and resumed ends with the weights of one that isn't")
  void killed() throws IOException, InterruptedException {
    Path whole = folder.resolve("whole");
    assertThat(finish(start(whole))).isZero();
    Map<String, ByteBuffer> expected = tensors(newest(whole));

    int kills = Integer.getInteger("kills", 3);
    long seed = Long.getLong("kills.seed", 1);
    for (int i = 0; i < kills; i++) {
      Random random = new Random(seed + i);
      Path workDir = folder.resolve("killed" + i);
      kill(start(workDir), 4 + random.nextInt(100), random.nextInt(30_000_000));
      assertAllWhole(workDir);
      assertThat(finish(start(workDir))).isZero();
      assertThat(tensors(newest(workDir))).as("kill %d of seed %d", i, seed).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("X10 K23 a TERM signal saves, exits with 143, and the rest can be done later")
  void term() throws IOException, InterruptedException {
    Path whole = folder.resolve("whole");
    assertThat(finish(start(whole))).isZero();
    Path workDir = folder.resolve("terminated");
    Process process = start(workDir);
    try (BufferedReader lines = lines(process)) {
      readTo(lines, "Iter [7/");
      // By its handle: Process.destroy would close the stream that is still to be read.
      process.toHandle().destroy();
      String rest = String.join("\n", lines.lines().toList());
      assertThat(rest).contains("SIGTERM: stopping after this iteration").contains("Saved ");
    }
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(finish(start(workDir))).isZero();
    assertThat(tensors(newest(workDir))).isEqualTo(tensors(newest(whole)));
  }

  private Process start(Path workDir) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RunnerCli.class.getName(),
            "train",
            config.toString(),
            "--work-dir",
            workDir.toString(),
            "--resume",
            "auto")
        .redirectErrorStream(true)
        .start();
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void readTo(BufferedReader lines, String sign) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(sign)) {
        return;
      }
    }
    throw new AssertionError("the run ended before it said " + sign);
  }

  private static int finish(Process process) throws IOException, InterruptedException {
    try (BufferedReader lines = lines(process)) {
      String said = String.join("\n", lines.lines().toList());
      int code = process.waitFor();
      assertThat(said).as("exit code %d", code).contains("Done: ");
      return code;
    }
  }

  private static void kill(Process process, int linesBefore, long nanos)
      throws IOException, InterruptedException {
    try (BufferedReader lines = lines(process)) {
      lines.lines().limit(linesBefore).forEach(line -> {});
      LockSupport.parkNanos(nanos);
      process.toHandle().destroyForcibly();
      lines.lines().forEach(line -> {});
    }
    process.waitFor();
  }

  private static void assertAllWhole(Path workDir) throws IOException {
    try (Stream<Path> files = Files.list(workDir)) {
      List<Path> checkpoints =
          files
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .filter(file -> file.toString().endsWith(".safetensors"))
              .toList();
      for (Path file : checkpoints) {
        assertThat(SafetensorsReader.verify(file)).as("%s has a checksum", file).isTrue();
      }
    }
  }

  private static Path newest(Path workDir) throws IOException {
    return workDir.resolve(Files.readString(workDir.resolve("latest")).strip());
  }

  private static Map<String, ByteBuffer> tensors(Path file) throws IOException {
    Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
    SafetensorsReader.open(file)
        .tensors()
        .forEach((name, tensor) -> tensors.put(name, tensor.data()));
    return tensors;
  }
}
