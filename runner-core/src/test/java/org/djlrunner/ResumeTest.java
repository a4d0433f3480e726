package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.spi.Stateful;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.TinyModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run takes over from a checkpoint, and what it refuses; {@link SplitRunTest} has the rest.
 */
class ResumeTest {
  @TempDir private Path folder;
  private final RecordingSink sink = new RecordingSink();

  /** Remembers how many iterations it has seen. */
  private static class Counter implements Hook, Stateful {
    private long count;

    @Override
    public void afterTrainIter(HookContext context) {
      count++;
    }

    @Override
    public Map<String, Object> state() {
      return Map.of("count", count);
    }

    @Override
    public void restore(Map<String, Object> state) {
      if (!(state.get("count") instanceof Number number)) {
        throw new IllegalArgumentException("it needs a count, got " + state);
      }
      count = number.longValue();
    }
  }

  private RunnerBuilder<FakeBatch, EpochBasedRunner<FakeBatch>> epochs(TinyModel model, int max) {
    return EpochBasedRunner.builder(model, max)
        .optimizer(model)
        .checkpointCodec(model)
        .workDir(folder);
  }

  private RunResult run(
      RunnerBuilder<FakeBatch, EpochBasedRunner<FakeBatch>> builder, Hook... hooks) {
    return run(builder, Workflow.training(), hooks);
  }

  private RunResult run(
      RunnerBuilder<FakeBatch, EpochBasedRunner<FakeBatch>> builder,
      Workflow workflow,
      Hook... hooks) {
    EpochBasedRunner<FakeBatch> runner = builder.build();
    runner.registerHook(new OptimizerHook());
    runner.registerHook(Hook.at(Stage.BEFORE_RUN, c -> c.logs().subscribe(sink)));
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    List<FakeLoader> loaders = new ArrayList<>();
    workflow.flows().forEach(flow -> loaders.add(FakeLoader.of(4)));
    return runner.run(loaders, workflow);
  }

  private Path checkpoint(Hook... hooks) {
    List<Hook> all = new ArrayList<>(List.of(hooks));
    all.add(new CheckpointHook(Every.epochs(1)));
    run(
        epochs(new TinyModel(0.1), 2).meta("seed", 7).meta("from", "the first run"),
        all.toArray(Hook[]::new));
    return folder.resolve("epoch_2.json");
  }

  @Test
  @DisplayName("K09 hooks of one class get their states back in calling order")
  void hookStates() {
    Counter one = new Counter();
    Counter two = new Counter();
    two.count = 100;
    Path file = checkpoint(one, two);
    Counter three = new Counter();
    Counter four = new Counter();
    run(epochs(new TinyModel(0.1), 3).resume(file), three, four);
    assertThat(List.of(three.count, four.count)).containsExactly(12L, 112L);
  }

  @Test
  @DisplayName("K09 hooks and states without a counterpart are told")
  void unmatched() {
    Path file = checkpoint(new Counter());
    run(
        epochs(new TinyModel(0.1), 3).resume(file),
        new Counter() {
          @Override
          public String toString() {
            return "of another class";
          }
        });
    assertThat(sink.notes())
        .anyMatch(
            note -> note.contains("it holds a state of Counter, which this run doesn't have"));
  }

  @Test
  @DisplayName("K09 what hooks left in the meta data is there again; the run describes itself")
  void meta() {
    Path file =
        checkpoint(Hook.at(Stage.BEFORE_RUN, context -> context.meta().put("left", List.of(1, 2))));
    Map<String, Object> seen = new LinkedHashMap<>();
    run(
        epochs(new TinyModel(0.1), 3).meta("seed", 8).resume(file),
        Hook.at(Stage.BEFORE_RUN, context -> seen.putAll(context.meta())));
    assertThat(seen).containsEntry("seed", 8).containsEntry("left", List.of(1, 2));
    assertThat(seen).doesNotContainKeys("epoch", "hooks", "position");
  }

  @Test
  @DisplayName("K06 progress and place are in the file under names of their own")
  void content() throws IOException {
    Map<String, Object> meta = new TinyModel(1).readMeta(checkpoint());
    assertThat(meta)
        .containsEntry("format_version", 1)
        .containsEntry("epoch", 2)
        .containsEntry("iter", 8)
        .containsEntry("world_size", 1)
        .containsEntry("seed", 7);
    assertThat(meta.get("position"))
        .isEqualTo(
            Map.of(
                "flow",
                0,
                "turn",
                1,
                "in_epoch",
                false,
                "in_val",
                false,
                "batch",
                0,
                "loaders",
                List.of()));
  }

  @Test
  @DisplayName("K05 a finished run that is resumed has nothing to do, one with a new limit goes on")
  void finished() {
    Path file = checkpoint();
    assertThat(run(epochs(new TinyModel(0.1), 2).resume(file)).progress().iter()).isEqualTo(8);
    assertThat(run(epochs(new TinyModel(0.1), 3).resume(file)).progress().iter()).isEqualTo(12);
  }

  @Test
  @DisplayName("K10 the config's rate counts, or the checkpoint's")
  void hyperparameters() {
    Path file = checkpoint();
    TinyModel own = new TinyModel(0.5);
    run(epochs(own, 3).resume(file));
    assertThat(own.paramGroups().get(0).lr()).isEqualTo(0.5);
    TinyModel stored = new TinyModel(0.5);
    run(
        epochs(stored, 3)
            .resume(new ResumeFrom(file, true, ResumeFrom.Hyperparameters.CHECKPOINT)));
    assertThat(stored.paramGroups().get(0).lr()).isEqualTo(0.1);
  }

  @Test
  @DisplayName("K22 in another workflow a round begins anew")
  void otherWorkflow() {
    Path file = checkpoint();
    run(epochs(new TinyModel(0.1), 3).resume(file), Workflow.of(Flow.train(2), Flow.val(1)));
    assertThat(sink.notes()).anyMatch(note -> note.contains("a round begins anew"));
  }

  @Test
  @DisplayName("K21 a file that can't be read, or is of a newer format, is refused by name")
  void refused() throws IOException {
    Path file = checkpoint();
    Path newer = folder.resolve("newer.json");
    Files.writeString(
        newer, Files.readString(file).replace("\"format_version\":1", "\"format_version\":2"));
    Path broken = folder.resolve("broken.json");
    Files.writeString(broken, Files.readString(file).substring(0, 40));
    TinyModel model = new TinyModel(0.1);
    for (Path bad : List.of(newer, broken, folder.resolve("absent.json"))) {
      assertThatThrownBy(() -> run(epochs(model, 3).resume(bad)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith("cannot resume from")
          .hasMessageContaining(bad.getFileName().toString());
    }
    assertThat(model.weight()).isEqualTo(1);
  }

  @Test
  @DisplayName("K21 a hook that can't take its state is named")
  void badState() throws IOException {
    Path file = checkpoint(new Counter());
    Path bad = folder.resolve("bad.json");
    Files.writeString(bad, Files.readString(file).replace("\"count\":8", "\"count\":\"x\""));
    assertThatThrownBy(() -> run(epochs(new TinyModel(0.1), 3).resume(bad), new Counter()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("the state of Counter doesn't fit: it needs a count");
  }

  @Test
  @DisplayName("K08 iterations of another number of processes are scaled and rounded down")
  void worldSize() {
    Path file = checkpoint();
    RunResult result = run(epochs(new TinyModel(0.1), 3).worldSize(3).resume(file));
    assertThat(result.progress().iter()).isEqualTo(8 / 3 + 4);
    assertThat(sink.notes()).anyMatch(note -> note.contains("its 8 iterations count as 2"));
  }
}
