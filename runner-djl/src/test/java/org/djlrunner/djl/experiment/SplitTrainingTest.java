package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that is stopped and resumed ends bit for bit where an uninterrupted one does. */
class SplitTrainingTest {
  private static final String CONFIG =
      """
      model: {type: Droppy}
      data:
        samples_per_gpu: 8
        workers_per_gpu: 2
        train: {type: Glyphs, size: 44, seed: 1}
        val: {type: Glyphs, size: 20, seed: 2}
      optimizer: {type: SGD, lr: 0.05, momentum: 0.9, weight_decay: 0.001}
      optimizer_config: {grad_clip: {max_norm: 5}}
      lr_config: {policy: CosineAnnealing, min_lr: 0, by_epoch: false, warmup: linear, warmup_iters: 5}
      runner: {type: EpochBasedRunner, max_epochs: 4}
      evaluation: {interval: 1}
      checkpoint_config: {interval: 100}
      log_config: {interval: 3, hooks: [{type: JsonLoggerHook}]}
      device: cpu
      """;

  @TempDir private Path folder;

  /**
   * A way to train, and when to stop.
   *
   * @param changes what differs from the config above
   * @param after iterations before the stop
   */
  record Cut(String name, List<String> changes, int after) {
    @Override
    public String toString() {
      return name + ", stopped after " + after;
    }
  }

  static Stream<Cut> cuts() {
    String iters = "runner={_delete_: true, type: IterBasedRunner, max_iters: 24}";
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    kinds.put("momentum", List.of());
    kinds.put("rounds", List.of("workflow=[[train, 1], [val, 1]]", "log_config.interval=4"));
    kinds.put("AdamW", List.of("optimizer={_delete_: true, type: AdamW, lr: 0.01}", iters));
    kinds.put("EMA", List.of("custom_hooks=[{type: EMAHook, momentum: 0.05, interval: 2}]"));
    kinds.put(
        "three at once",
        List.of(
            "optimizer_config={_delete_: true, type: GradientCumulativeOptimizerHook, cumulative_iters: 3}"));
    kinds.put(
        "all together",
        List.of(
            "optimizer={_delete_: true, type: AdamW, lr: 0.01}",
            "optimizer_config={_delete_: true, type: GradientCumulativeOptimizerHook, cumulative_iters: 3}",
            "custom_hooks=[{type: EMAHook, momentum: 0.05}]",
            "precision=fp16",
            "workflow=[[train, 7], [val, 2]]",
            iters));
    String two =
        "optimizer={_delete_: true,"
            + " body: {type: SGD, lr: 0.05, momentum: 0.9, params: ['1', '2']},"
            + " head: {type: AdamW, lr: 0.01, params: ['5'], paramwise_cfg: {bias_lr_mult: 2}}}";
    kinds.put("two optimizers", List.of(two));
    kinds.put(
        "two optimizers with schedules of their own",
        List.of(
            two,
            "lr_config={_delete_: true, body: {policy: step, step: 2},"
                + " head: {policy: CosineAnnealing, min_lr: 0, by_epoch: false}}",
            "momentum_config={body: {policy: cyclic}}",
            "optimizer_config={_delete_: true, type: GradientCumulativeOptimizerHook, cumulative_iters: 3}"));
    kinds.put(
        "plateau",
        List.of(
            "lr_config={_delete_: true, policy: ReduceLROnPlateau, monitor: accuracy_top-1, mode: max, patience: 0, factor: 0.5}"));
    return kinds.entrySet().stream()
        .flatMap(
            kind ->
                IntStream.of(1, 5, 6, 7, 14, 23)
                    .mapToObj(after -> new Cut(kind.getKey(), kind.getValue(), after)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @DisplayName("K07 weights, optimizer states and logs after a resume are those without a break")
  void split(Cut cut) throws IOException {
    Path whole = run(cut, "whole", List.of());
    Path first = run(cut, "first", List.of("custom_hooks+=[{type: Stopper}]"));
    Path rest = run(cut, "rest", List.of("resume_from=" + newest(first)));

    assertThat(tensors(newest(rest))).isEqualTo(tensors(newest(whole)));
    List<String> logged = new ArrayList<>(records(first));
    List<String> continued = records(rest);
    List<String> expected = records(whole);
    // A validation that the stop cut short is no record; what was logged before it stays.
    assertThat(continued)
        .isEqualTo(expected.subList(expected.size() - continued.size(), expected.size()));
    assertThat(logged)
        .startsWith(expected.subList(0, expected.size() - continued.size()).toArray(String[]::new));
  }

  private Path run(Cut cut, String name, List<String> more) {
    Components components = Components.shipped();
    components.models().register("Droppy", config -> images -> network());
    components
        .hooks()
        .register(
            "Stopper",
            config ->
                parts ->
                    Hook.at(
                        Stage.AFTER_TRAIN_ITER,
                        context -> {
                          if (context.progress().iter() + 1 == cut.after()) {
                            context.requestStop("enough");
                          }
                        }));
    Path workDir = folder.resolve(name);
    List<String> changes = new ArrayList<>(cut.changes());
    List<String> appended = new ArrayList<>(more);
    if (appended.removeIf(change -> change.startsWith("custom_hooks+="))) {
      int at =
          IntStream.range(0, changes.size())
              .filter(i -> changes.get(i).startsWith("custom_hooks="))
              .findFirst()
              .orElse(-1);
      String stopper = "{type: Stopper}]";
      if (at < 0) {
        changes.add("custom_hooks=[" + stopper);
      } else {
        changes.set(at, changes.get(at).replaceAll("]$", ", " + stopper));
      }
    }
    changes.addAll(appended);
    Config config = Config.parse(CONFIG, "split.yaml").with(changes);
    Experiment.read(config, components).run(workDir, "split.yaml");
    return workDir;
  }

  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(24).build())
        .add(BatchNorm.builder().build())
        .add(Activation::relu)
        .add(Dropout.builder().optRate(0.3f).build())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Path newest(Path workDir) throws IOException {
    return workDir.resolve(Files.readString(workDir.resolve("latest")).strip());
  }

  private static Map<String, List<Object>> tensors(Path file) throws IOException {
    Map<String, List<Object>> tensors = new LinkedHashMap<>();
    SafetensorsReader.open(file)
        .tensors()
        .forEach(
            (name, tensor) -> {
              Shape shape = tensor.shape();
              ByteBuffer data = tensor.data();
              byte[] bytes = new byte[data.remaining()];
              data.get(bytes);
              tensors.put(name, List.of(shape, ByteBuffer.wrap(bytes)));
            });
    return tensors;
  }

  /** The JSON log's records without what depends on the clock. */
  private static List<String> records(Path workDir) throws IOException {
    try (Stream<Path> files = Files.list(workDir)) {
      Path log =
          files.filter(file -> file.toString().endsWith(".log.json")).findFirst().orElseThrow();
      return Files.readAllLines(log).stream()
          .filter(line -> line.startsWith("{\"mode\""))
          .map(
              line ->
                  line.replaceAll(
                      ",\"(data_)?(time|memory|heap|samples_per_s|eta)\":[-0-9.eE]+", ""))
          .toList();
    }
  }
}
