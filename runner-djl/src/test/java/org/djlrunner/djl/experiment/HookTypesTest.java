package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.testkit.RequiresGpu;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hooks that a config can name, their options, and what is refused. */
class HookTypesTest {
  @TempDir private Path folder;

  private static Experiment read(String... changes) {
    return Experiment.read(Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(changes)));
  }

  private static Experiment hooks(String hooks) {
    return read("custom_hooks=[" + hooks + "]");
  }

  private String log() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return Files.readString(
          files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow());
    }
  }

  @Test
  @DisplayName("H14 H15 hooks of MMCV's configs that have nothing to do on a CPU train as without")
  void idle() throws IOException {
    RunResult result =
        hooks(
                "{type: EmptyCacheHook, after_iter: true}, {type: DistSamplerSeedHook},"
                    + " {type: SyncBuffersHook, distributed: true}")
            .run(folder, "small.yaml");
    assertThat(result.progress().iter()).isEqualTo(12);
    assertThat(log())
        .containsOnlyOnce("EmptyCacheHook does nothing here")
        .containsOnlyOnce("DistSamplerSeedHook has nothing to do")
        .containsOnlyOnce("SyncBuffersHook has nothing to do");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: ClosureHook, fn_name: before_run, fn: f} | custom_hooks[0].type | Hook.at(Stage.AFTER_TRAIN_ITER
          {type: ClosureHook, fn_name: after_trian_iter} | custom_hooks[0].fn_name | after_train_iter
          """)
  @DisplayName("H16 a closure is refused with the way to have one, its stage with near names")
  void closure(String hook, String path, String hint) {
    assertThatThrownBy(() -> hooks(hook))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          profile_iters: 0 | profile_iters | at least 1
          by_epoch: 1 | by_epoch | true or false
          activities: [cpu, cdua] | activities | did you mean 'cuda'?
          activities: [] | activities | got none
          with_stack: true | with_stack | Python
          with_flops: true | with_flops | record_shapes
          on_trace_ready: {type: log_trce} | on_trace_ready.type | did you mean 'log_trace'?
          on_trace_ready: {type: tb_trace, use_gzip: true} | on_trace_ready.use_gzip | unknown key
          schedule: {wait: 1, warmup: 1} | schedule.active | missing
          schedule: {wait: 1, warmup: 1, active: 0} | schedule.active | at least 1
          record_shape: true | record_shape | did you mean 'record_shapes'?
          """)
  @DisplayName("H18 a profile's options are refused by their key")
  void profileOptions(String option, String path, String hint) {
    assertThatThrownBy(() -> hooks("{type: ProfilerHook, " + option + "}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("custom_hooks[0]." + path)
        .hasMessageContaining(hint);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @DisplayName("H17 H18 a training's first iterations are in the trace that a config asks for")
  void profile() throws IOException {
    hooks(
            "{type: ProfilerHook, by_epoch: false, profile_iters: 8, activities: [CPU],"
                + " schedule: {wait: 1, warmup: 1, active: 3, repeat: 1}, record_shapes: true,"
                + " with_stack: false, on_trace_ready: {type: log_trace}}")
        .run(folder, "small.yaml");
    Path trace;
    try (Stream<Path> files = Files.list(folder.resolve("profile"))) {
      trace =
          files
              .reduce(
                  (a, b) -> {
                    throw new AssertionError(a + " and " + b);
                  })
              .orElseThrow();
    }
    assertThat(trace.getFileName().toString()).endsWith(".iter_3-5.json");
    int forward = 0;
    int backward = 0;
    for (JsonNode event :
        JsonMapper.builder().build().readTree(trace.toFile()).path("traceEvents")) {
      forward += event.path("name").asText().equals("aten::convolution") ? 1 : 0;
      backward += event.path("name").asText().equals("aten::convolution_backward") ? 1 : 0;
    }
    // Two layers, three iterations.
    assertThat(forward).isEqualTo(6);
    assertThat(backward).isEqualTo(6);
    assertThat(log()).contains("Profile of iteration 3-5", "self ms", "aten::");
  }

  @Test
  @RequiresGpu
  @DisplayName(
      "H14 H18 on a GPU the cache is emptied, and a trace holds kernels up to the last one")
  void onGpu() throws IOException {
    RunResult result =
        read(
                "device=gpu",
                "custom_hooks=[{type: EmptyCacheHook, before_epoch: true, after_iter: true},"
                    + " {type: ProfilerHook, by_epoch: false, json_trace_path: trace.json}]")
            .run(folder, "small.yaml");
    assertThat(result.progress().iter()).isEqualTo(12);
    assertThat(log()).doesNotContain("EmptyCacheHook does nothing");
    boolean kernels = false;
    for (JsonNode event :
        JsonMapper.builder()
            .build()
            .readTree(folder.resolve("trace.json").toFile())
            .path("traceEvents")) {
      kernels |= event.path("cat").asText().equals("kernel");
    }
    assertThat(kernels).isTrue();
  }

  @Test
  @DisplayName("H21 a run with a running mean of weights ends")
  void runningMean() {
    assertThat(
            hooks("{type: StochasticWeightAverageHook, begin_iter: 6, interval: 2}")
                .run(folder, "small.yaml")
                .metrics())
        .containsKey("loss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: EMAHook, resume_from: a.safetensors} | resume_from | at the top level of the config
          {type: ExpMomentumEMAHook, skip_buffers: false} | skip_buffers | parameters only
          {type: StochasticWeightAverageHook, begin_iter: 3, interval: 2} | begin_iter | multiple
          {type: StochasticWeightAverageHook, momentum: 0.1} | momentum | unknown key
          """)
  @DisplayName("H21 A08 what an average can't do is refused with what to do instead")
  void averages(String hook, String key, String hint) {
    assertThatThrownBy(() -> hooks(hook))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("custom_hooks[0]." + key)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resume_from: null", "skip_buffers: true"})
  @DisplayName("H21 MMDetection's words for what is so anyway are accepted")
  void accepted(String option) {
    assertThat(hooks("{type: ExpMomentumEMAHook, " + option + "}")).isNotNull();
  }

  @Test
  @DisplayName("H19 a config's early stopping and plateau follow training")
  void training() throws IOException {
    RunResult result =
        read(
                "custom_hooks=[{type: EarlyStoppingHook, monitor: train/grad_norm, rule: less,"
                    + " patience: 100, interval: 2, threshold: 1e9}]",
                "lr_config={_delete_: true, policy: ReduceLROnPlateau, monitor: train/loss,"
                    + " interval: 1, patience: 0, threshold: 100, threshold_mode: abs}")
            .run(folder, "small.yaml");
    assertThat(result.progress().iter()).isEqualTo(2);
    assertThat(result.stopReason().toString()).contains("train/grad_norm reached");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          monitor: train/grad_norm | rule | missing
          monitor: train/loss_scale | rule | missing
          monitor: loss, interval: 3 | custom_hooks[0] | have intervals of their own
          monitor: train/loss, interval: -1 | custom_hooks[0] | got -1
          """)
  @DisplayName("H19 E05 what can't be watched is refused in a config")
  void notWatched(String options, String key, String hint) {
    assertThatThrownBy(() -> hooks("{type: EarlyStoppingHook, " + options + "}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(hint);
  }
}
