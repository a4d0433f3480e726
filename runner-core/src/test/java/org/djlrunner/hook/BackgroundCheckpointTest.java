package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.RunResult;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.ScriptedResults;
import org.djlrunner.testkit.StoredCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are written while training goes on. */
@Timeout(60)
class BackgroundCheckpointTest {
  private static final CheckpointSettings EACH =
      CheckpointSettings.at(Every.epochs(1)).background(true);

  @TempDir private Path folder;
  private final StoredCodec codec = new StoredCodec();
  private final FakeStep step = new FakeStep();

  private RunResult run(int epochs, Hook... hooks) {
    Runner<FakeBatch> runner =
        EpochBasedRunner.builder(step, epochs).workDir(folder).checkpointCodec(codec).build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    return runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  private List<String> kept() throws IOException {
    return new CheckpointIndex(folder).read().stream().map(file -> file.name()).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets go of what waits once a later iteration has begun. */
  private static Hook opening(int iter, CountDownLatch latch) {
    return Hook.at(
        Stage.BEFORE_TRAIN_ITER,
        context -> {
          if (context.progress().iter() == iter) {
            latch.countDown();
          }
        });
  }

  @Test
  @DisplayName(
      "K15 training goes on while a file is written; until it is whole nothing shows of it")
  void goesOn() throws IOException {
    CountDownLatch trained = new CountDownLatch(1);
    List<String> shown = new ArrayList<>();
    codec.onWrite(
        file -> {
          await(trained);
          shown.add(folder.resolve("latest").toFile().exists() + " " + kept());
        });
    // The writer waits for an iteration that comes behind the save, so this ends only if it does.
    run(2, new CheckpointHook(EACH.maxKeep(1)), opening(3, trained));
    assertThat(shown).containsExactly("false []", "true [epoch_1.ckpt]");
    assertThat(kept()).containsExactly("epoch_2.ckpt");
    assertThat(folder.resolve("latest")).hasContent("epoch_2.ckpt");
  }

  @Test
  @DisplayName("K15 a save waits for the one before; at most one state is held, and all are freed")
  void oneInFlight() throws IOException {
    List<Thread> writers = new ArrayList<>();
    codec.onWrite(
        file -> {
          synchronized (writers) {
            writers.add(Thread.currentThread());
          }
        });
    run(5, new CheckpointHook(EACH));
    assertThat(kept())
        .containsExactly(
            "epoch_1.ckpt", "epoch_2.ckpt", "epoch_3.ckpt", "epoch_4.ckpt", "epoch_5.ckpt");
    assertThat(codec.mostOpen()).isEqualTo(1);
    assertThat(codec.open()).isZero();
    assertThat(writers)
        .hasSize(5)
        .doesNotContain(Thread.currentThread())
        .allMatch(thread -> thread.getName().equals("checkpoint-writer") && thread.isDaemon());
  }

  @Test
  @DisplayName("K15 a file holds the state at its boundary, not where training had come to since")
  void stateOfItsBoundary() throws IOException {
    CountDownLatch trained = new CountDownLatch(1);
    codec.onWrite(file -> await(trained));
    run(
        2,
        new CheckpointHook(CheckpointSettings.at(Every.iters(2)).background(true)),
        opening(3, trained));
    assertThat(codec.readMeta(folder.resolve("iter_2.ckpt"))).containsEntry("iter", 2);
    assertThat(codec.readMeta(folder.resolve("iter_4.ckpt"))).containsEntry("iter", 4);
  }

  @Test
  @DisplayName("K15 K17 a failure comes out at the next save, as the error of the file that failed")
  void failureAtNextSave() throws IOException {
    codec.onWrite(
        file -> {
          if (file.toString().contains("epoch_2")) {
            throw new IOException("No space left on device");
          }
        });
    assertThatThrownBy(() -> run(9, new CheckpointHook(EACH.maxKeep(1))))
        .hasMessageContaining("cannot save a checkpoint: cannot write")
        .hasMessageContaining("epoch_2.ckpt")
        .hasMessageContaining("No space left on device");
    assertThat(step.calls()).as("iterations until epoch 3 was to be saved").hasSize(6);
    assertThat(kept()).containsExactly("epoch_1.ckpt");
    assertThat(folder.resolve("latest")).hasContent("epoch_1.ckpt");
    assertThat(codec.open()).isZero();
  }

  @Test
  @DisplayName("K15 K17 a failure of the last save comes out at the end of the run")
  void failureAtEnd() throws IOException {
    codec.onWrite(
        file -> {
          if (file.toString().contains("epoch_2")) {
            throw new IOException("No space left on device");
          }
        });
    assertThatThrownBy(() -> run(2, new CheckpointHook(EACH)))
        .hasMessageContaining("epoch_2.ckpt")
        .hasMessageContaining("No space left on device");
    assertThat(kept()).containsExactly("epoch_1.ckpt");
    assertThat(codec.open()).isZero();
  }

  @Test
  @DisplayName(
      "K15 K24 R09 a run that fails has its begun file and its end written; its own failure leads")
  void runFails() throws IOException {
    CountDownLatch failing = new CountDownLatch(1);
    codec.onWrite(file -> await(failing));
    assertThatThrownBy(
            () ->
                run(
                    5,
                    new CheckpointHook(EACH),
                    Hook.at(
                        Stage.BEFORE_TRAIN_ITER,
                        context -> {
                          if (context.progress().iter() == 3) {
                            failing.countDown();
                            throw new IllegalStateException("boom");
                          }
                        })))
        .hasMessage("boom")
        .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    assertThat(kept()).containsExactly("epoch_1.ckpt", "iter_3.ckpt");
    assertThat(codec.open()).isZero();
  }

  @Test
  @DisplayName("K15 R08 a stop request loses nothing: the begun file and the end are on the disk")
  void stop() throws IOException {
    CountDownLatch stopping = new CountDownLatch(1);
    codec.onWrite(file -> await(stopping));
    run(
        5,
        new CheckpointHook(EACH),
        Hook.at(
            Stage.BEFORE_TRAIN_ITER,
            context -> {
              if (context.progress().iter() == 2) {
                context.requestStop("enough");
                stopping.countDown();
              }
            }));
    assertThat(kept()).containsExactly("epoch_1.ckpt", "iter_3.ckpt");
    assertThat(folder.resolve("latest")).hasContent("iter_3.ckpt");
  }

  @Test
  @DisplayName("K15 R25 an interrupt stops the run, but no file half way")
  void interrupt() throws IOException {
    CountDownLatch interrupted = new CountDownLatch(1);
    codec.onWrite(file -> await(interrupted));
    run(
        5,
        new CheckpointHook(EACH),
        Hook.at(
            Stage.BEFORE_TRAIN_ITER,
            context -> {
              if (context.progress().iter() == 2) {
                Thread.currentThread().interrupt();
                interrupted.countDown();
              }
            }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(kept()).containsExactly("epoch_1.ckpt", "iter_3.ckpt");
  }

  @Test
  @DisplayName("K14 K15 best files are written in the background, too")
  void best() throws IOException {
    run(
        3,
        new CheckpointHook(EACH.maxKeep(1).saveBest(SaveBest.of("acc"))),
        ScriptedResults.of("acc", 0.1, 0.5, 0.2));
    assertThat(kept()).containsExactly("best_acc_epoch_2.ckpt", "epoch_3.ckpt");
  }
}
