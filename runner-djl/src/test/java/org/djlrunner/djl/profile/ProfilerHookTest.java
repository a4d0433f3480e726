package org.djlrunner.djl.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.djl.profile.ProfileOptions.Activity;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.HookContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which iterations are in a run's traces: iteration n multiplies squares of n + 1 rows. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ProfilerHookTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final List<String> notes = new ArrayList<>();
  private int iteration;

  @TempDir private Path folder;

  @AfterEach
  void close() {
    manager.close();
  }

  @Nested
  class Contract implements HookContract {
    @Override
    public Hook createHook() {
      return new ProfilerHook(ProfileSettings.of(Every.epochs(1)), () -> {});
    }
  }

  @Nested
  class ContractOfRounds implements HookContract {
    @Override
    public Hook createHook() {
      return hook(Every.iters(6), new ProfileSchedule(0, 1, 1, 1, 2), ProfileFiles.DEFAULT);
    }
  }

  private static ProfilerHook hook(Every window, ProfileSchedule schedule, ProfileFiles files) {
    return new ProfilerHook(
        new ProfileSettings(
            window, new ProfileOptions(Set.of(Activity.CPU), true, false), schedule, files, true),
        () -> {});
  }

  private static ProfilerHook hook(Every window) {
    return hook(window, ProfileSchedule.ALWAYS, ProfileFiles.DEFAULT);
  }

  /** Trains three epochs of four batches, or what is left of them. */
  private void run(int startEpoch, Hook... hooks) {
    iteration = 4 * startEpoch;
    FakeStep step =
        new FakeStep()
            .logging(
                (mode, batch) -> {
                  if (mode.equals(Mode.TRAIN)) {
                    multiply(++iteration);
                  }
                  return Map.of("loss", Scalar.of(1));
                });
    var runner =
        EpochBasedRunner.builder(step, 3)
            .workDir(folder)
            .startAt(startEpoch, 4 * startEpoch)
            .build();
    runner.registerHook(new LoggerHook(1, Every.Unit.EPOCH, true, context -> sink()));
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(4)), Workflow.training());
  }

  private void multiply(int rows) {
    try (NDArray square = manager.ones(new Shape(rows, rows));
        NDArray product = square.matMul(square)) {
      assertThat(product.getShape()).isEqualTo(new Shape(rows, rows));
    }
  }

  private LogSink sink() {
    return new LogSink() {
      @Override
      public void write(LogRecord record) {}

      @Override
      public void note(String sentence) {
        notes.add(sentence);
      }
    };
  }

  /** The iterations in each trace below the folder, by file name without its time. */
  private Map<String, Set<Integer>> traces() throws IOException {
    Map<String, Set<Integer>> traces = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replaceFirst("\\d{8}_\\d{6}", "TIME");
        traces.put(name, iterations(file));
      }
    }
    return traces;
  }

  private static Set<Integer> iterations(Path trace) throws IOException {
    Set<Integer> iterations = new TreeSet<>();
    for (JsonNode event : JSON.readTree(trace.toFile()).path("traceEvents")) {
      if (event.path("name").asText().equals("aten::mm")) {
        iterations.add(event.path("args").path("Input Dims").path(0).path(0).asInt());
      }
    }
    return iterations;
  }

  @Test
  @DisplayName("H17 the first iterations are recorded, and nothing else")
  void iterations() throws IOException {
    run(0, hook(Every.iters(3)));
    assertThat(traces()).isEqualTo(Map.of("profile/TIME.iter_1-3.json", Set.of(1, 2, 3)));
    assertThat(notes.get(0))
        .startsWith("Profile of iteration 1-3: " + folder)
        .contains("ui.perfetto.dev");
    assertThat(notes.get(1)).startsWith("name ").contains("self ms");
    assertThat(notes.subList(2, notes.size())).anyMatch(row -> row.matches("aten::mm +3 .*%.*"));
  }

  @Test
  @DisplayName(
      "H17 the first epoch is recorded; a run that goes on counts from there, and stops once")
  void resumed() throws IOException {
    run(0, hook(Every.epochs(1)));
    run(1, hook(Every.epochs(1)));
    run(1, hook(Every.iters(1)));
    assertThat(traces())
        .isEqualTo(
            Map.of(
                "profile/TIME.iter_1-4.json", Set.of(1, 2, 3, 4),
                "profile/TIME.iter_5-8.json", Set.of(5, 6, 7, 8),
                "profile/TIME.iter_5.json", Set.of(5)));
  }

  @Test
  @DisplayName("H17 a resumed run shorter than the window has a trace of what there was")
  void shortRun() throws IOException {
    run(2, hook(Every.epochs(3)));
    assertThat(traces()).isEqualTo(Map.of("profile/TIME.iter_9-12.json", Set.of(9, 10, 11, 12)));
  }

  @Test
  @DisplayName("H17 rounds have traces of their own, each in every place asked for")
  void rounds() throws IOException {
    ProfileFiles files =
        new ProfileFiles(Optional.of(Path.of("trace.json")), Optional.of(Path.of("board")));
    run(0, hook(Every.iters(9), new ProfileSchedule(0, 1, 1, 2, 0), files));
    assertThat(traces())
        .isEqualTo(
            Map.of(
                "trace.json", Set.of(3, 4),
                "trace-2.json", Set.of(7, 8),
                "board/TIME.iter_3-4.pt.trace.json", Set.of(3, 4),
                "board/TIME.iter_7-8.pt.trace.json", Set.of(7, 8)));
  }

  @Test
  @DisplayName("H18 a run that fails leaves no trace, and the next one records as ever")
  void failure() throws IOException {
    Hook failing =
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              throw new IllegalStateException("boom");
            });
    assertThatThrownBy(() -> run(0, hook(Every.iters(2)), failing)).hasMessage("boom");
    assertThat(traces()).isEmpty();

    run(0, hook(Every.iters(1)));
    assertThat(traces()).isEqualTo(Map.of("profile/TIME.iter_1.json", Set.of(1)));
  }

  @Test
  @DisplayName("H18 memory is in the trace if asked for, and shapes only then")
  void options() throws IOException {
    Path file = folder.resolve("memory.json");
    ProfileSettings settings =
        new ProfileSettings(
            Every.iters(1),
            new ProfileOptions(Set.of(Activity.CPU, Activity.CUDA), false, true),
            ProfileSchedule.ALWAYS,
            new ProfileFiles(Optional.of(file), Optional.empty()),
            false);
    run(0, new ProfilerHook(settings, () -> {}));
    String trace = Files.readString(file);
    assertThat(trace).contains("aten::mm", "[memory]").doesNotContain("Input Dims");
    assertThat(notes).hasSize(1);
  }

  @Test
  @DisplayName("H18 a recording of GPUs alone holds no operations of the host")
  void gpuOnly() throws IOException {
    Path file = folder.resolve("gpu.json");
    ProfileSettings settings =
        new ProfileSettings(
            Every.iters(1),
            new ProfileOptions(Set.of(Activity.CUDA), false, false),
            ProfileSchedule.ALWAYS,
            new ProfileFiles(Optional.of(file), Optional.empty()),
            false);
    run(0, new ProfilerHook(settings, () -> {}));
    assertThat(Files.readString(file)).contains("traceEvents").doesNotContain("aten::mm");
  }

  @Test
  @DisplayName("H18 a window longer than the run, and a run without a folder, are refused at once")
  void refused() {
    assertThatThrownBy(() -> run(0, hook(Every.epochs(4))))
        .hasMessage("ProfilerHook: profile_iters is 4 epochs, but the run has 3");
    assertThatThrownBy(() -> run(0, hook(Every.iters(13)))).hasMessageContaining("the run has 12");
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    runner.registerHook(hook(Every.iters(1)));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(1)), Workflow.training()))
        .hasMessageContaining("give the runner's builder a workDir");
    assertThatThrownBy(() -> ProfileSettings.of(Every.iters(0)))
        .hasMessageContaining("profile_iters must be at least 1");
  }
}
