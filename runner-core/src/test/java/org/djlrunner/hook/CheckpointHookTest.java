package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.WrittenMeta;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointHookTest {
  @TempDir private Path folder;
  private final FakeStep step = new FakeStep();

  /** Writes its metadata as text, so that tests can read it. */
  private static final class TextCodec implements WrittenMeta {
    @Override
    public void write(Path file, Map<String, ?> meta) throws IOException {
      Files.writeString(
          file,
          meta.get("epoch")
              + "/"
              + meta.get("iter")
              + " "
              + meta.get("seed")
              + " "
              + meta.get("metrics"));
    }
  }

  private Runner<FakeBatch> epochs(int max) {
    return EpochBasedRunner.builder(step, max)
        .workDir(folder)
        .checkpointCodec(new TextCodec())
        .meta("seed", 7)
        .build();
  }

  private Runner<FakeBatch> iters(int max) {
    return IterBasedRunner.builder(step, max)
        .workDir(folder)
        .checkpointCodec(new TextCodec())
        .build();
  }

  private void run(Runner<FakeBatch> runner, Hook... hooks) {
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  private List<String> files() throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(CheckpointIndex.FILE))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  @Test
  @DisplayName("H07 epochs: names count from 1, counters are the work finished, the last is saved")
  void byEpoch() throws IOException {
    run(epochs(5), new CheckpointHook(Every.epochs(2)));
    assertThat(files()).containsExactly("epoch_2.txt", "epoch_4.txt", "epoch_5.txt", "latest");
    assertThat(folder.resolve("epoch_4.txt")).hasContent("4/8 7 {}");
    assertThat(folder.resolve("latest")).hasContent("epoch_5.txt");
  }

  @Test
  @DisplayName("H07 iterations: the file of iteration N holds N finished iterations")
  void byIter() throws IOException {
    run(epochs(2), new CheckpointHook(Every.iters(3), false));
    assertThat(files()).containsExactly("iter_3.txt", "latest");
    assertThat(folder.resolve("iter_3.txt")).hasContent("1/3 7 {}");
  }

  @Test
  @DisplayName(
      "H07 H08 an iteration-based run cut within a pass saves its end, its epoch not counted")
  void cutPass() throws IOException {
    run(iters(5), new CheckpointHook(Every.epochs(1)));
    assertThat(files()).containsExactly("epoch_1.txt", "epoch_2.txt", "iter_5.txt", "latest");
    assertThat(folder.resolve("epoch_2.txt")).hasContent("2/4 null {}");
    assertThat(folder.resolve("iter_5.txt")).hasContent("2/5 null {}");
  }

  @Test
  @DisplayName("H07 R08 a run that was asked to stop saves its end")
  void stopRequest() throws IOException {
    run(
        epochs(5),
        new CheckpointHook(Every.epochs(1)),
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            if (context.progress().iter() == 2) {
              context.requestStop("enough");
            }
          }
        });
    assertThat(files()).containsExactly("epoch_1.txt", "iter_3.txt", "latest");
    assertThat(folder.resolve("iter_3.txt")).hasContent("1/3 7 {}");
  }

  @Test
  @DisplayName("H07 a stop request at the end of an epoch leaves a file named after it")
  void stopAtEpochEnd() throws IOException {
    run(
        epochs(5),
        new CheckpointHook(Every.epochs(2)),
        Hook.at(Stage.AFTER_TRAIN_EPOCH, context -> context.requestStop("enough")));
    assertThat(files()).containsExactly("epoch_1.txt", "latest");
  }

  @Test
  @DisplayName("H07 a failed run saves nothing more")
  void failure() throws IOException {
    assertThatThrownBy(
            () ->
                run(
                    epochs(5),
                    new CheckpointHook(Every.epochs(1)),
                    new Hook() {
                      @Override
                      public void afterTrainIter(HookContext context) {
                        if (context.progress().iter() == 2) {
                          throw new IllegalStateException("boom");
                        }
                      }
                    }))
        .hasMessage("boom");
    assertThat(files()).containsExactly("epoch_1.txt", "latest");
  }

  @Test
  @DisplayName("H06 a checkpoint holds the score of its own epoch")
  void score() {
    step.logging((mode, batch) -> Map.of("accuracy_top-1", Scalar.of(50)));
    run(
        epochs(1),
        new CheckpointHook(Every.epochs(1)),
        new EvalHook<>(step, FakeLoader.of(1), Every.epochs(1)));
    assertThat(folder.resolve("epoch_1.txt")).hasContent("1/2 7 {accuracy_top-1=50.0}");
  }

  @Test
  @DisplayName("H07 what was due in an iteration that fails is not saved: it isn't complete")
  void failureBehind() throws IOException {
    assertThatThrownBy(
            () ->
                run(
                    epochs(5),
                    new CheckpointHook(Every.iters(2)),
                    new Hook() {
                      @Override
                      public void afterTrainIter(HookContext context) {
                        if (context.progress().iter() == 3) {
                          throw new IllegalStateException("boom");
                        }
                      }

                      @Override
                      public Priority priority() {
                        return Priority.LOWEST;
                      }
                    }))
        .hasMessage("boom");
    assertThat(files()).containsExactly("iter_2.txt", "latest");
  }

  @Test
  @DisplayName("K11 a hook of one's own can have a checkpoint saved, under the usual name")
  void byHand() throws IOException {
    CheckpointHook checkpoints = new CheckpointHook(Every.iters(0), false);
    run(
        epochs(2),
        checkpoints,
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              if (context.progress().iter() == 1) {
                checkpoints.saveAtBoundary(context);
              }
            }));
    assertThat(files()).containsExactly("iter_2.txt", "latest");
  }

  @Test
  @DisplayName("K11 meta data of the settings is saved, that of the run goes first")
  void meta() {
    run(
        epochs(1),
        new CheckpointHook(
            CheckpointSettings.at(Every.epochs(1)).meta(Map.of("seed", 1, "metrics", "none"))));
    assertThat(folder.resolve("epoch_1.txt")).hasContent("1/2 7 {}");
  }

  @Test
  @DisplayName("K18 a run that begins anew says what an earlier one left")
  void earlierRun() {
    RecordingSink first = new RecordingSink();
    run(epochs(2), first.everyIteration(), new CheckpointHook(Every.epochs(1)));
    assertThat(first.notes()).noneMatch(note -> note.contains("earlier"));
    RecordingSink second = new RecordingSink();
    // Also where the logger's sink is opened behind it.
    run(epochs(1), new CheckpointHook(Every.epochs(1)), second.everyIteration());
    assertThat(second.notes())
        .contains(
            folder
                + " holds 2 checkpoints of an earlier run; those of the same names will be"
                + " replaced, the others stay");
  }

  @Test
  @DisplayName("K11 a hook is called at no stage that only best files or another interval need")
  void stages() {
    CheckpointSettings settings = CheckpointSettings.at(Every.epochs(1));
    assertThat(new CheckpointHook(settings).triggeredStages())
        .containsExactly(Stage.BEFORE_RUN, Stage.AFTER_TRAIN_EPOCH, Stage.AFTER_RUN);
    assertThat(new CheckpointHook(Every.iters(1)).triggeredStages())
        .containsExactly(Stage.BEFORE_RUN, Stage.AFTER_TRAIN_ITER, Stage.AFTER_RUN);
    assertThat(new CheckpointHook(settings.saveBest(SaveBest.auto())).triggeredStages())
        .contains(Stage.AFTER_TRAIN_ITER, Stage.AFTER_VAL_EPOCH);
  }

  @Test
  @DisplayName("H10 without a work folder or codec it says so before training")
  void preconditions() {
    assertThatThrownBy(
            () ->
                run(
                    EpochBasedRunner.builder(step, 1).checkpointCodec(new TextCodec()).build(),
                    new CheckpointHook(Every.epochs(1))))
        .hasMessageContaining("work folder");
    assertThatThrownBy(
            () ->
                run(
                    EpochBasedRunner.builder(step, 1).workDir(folder).build(),
                    new CheckpointHook(Every.epochs(1))))
        .hasMessageContaining("codec");
    assertThat(step.calls()).isEmpty();
  }
}
