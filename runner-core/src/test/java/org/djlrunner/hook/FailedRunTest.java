package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.TinyModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run that fails. */
class FailedRunTest {
  @TempDir private Path folder;

  private double run(@Nullable Path resume, Hook hook, Priority priority) {
    TinyModel model = new TinyModel(0.1);
    var builder =
        EpochBasedRunner.<FakeBatch>builder(model, 3)
            .optimizer(model)
            .checkpointCodec(model)
            .workDir(folder);
    if (resume != null) {
      builder.resume(resume);
    }
    EpochBasedRunner<FakeBatch> runner = builder.build();
    runner.registerHook(new OptimizerHook());
    runner.registerHook(new CheckpointHook(Every.epochs(1)));
    runner.registerHook(hook, priority);
    runner.run(List.of(FakeLoader.of(4)), Workflow.training());
    return model.weight();
  }

  private void fails(Stage stage, int iter, Priority priority) {
    Hook failing =
        Hook.at(
            stage,
            context -> {
              if (context.progress().iter() == iter) {
                throw new IllegalStateException("boom");
              }
            });
    assertThatThrownBy(() -> run(null, failing, priority)).hasMessage("boom");
  }

  @Test
  @DisplayName("K24 one that fails before an update goes on from there as if nothing had been")
  void beforeUpdate() {
    double whole = run(null, new IterTimerHook(), Priority.LOW);
    fails(Stage.BEFORE_TRAIN_ITER, 5, Priority.NORMAL);
    assertThat(folder.resolve("iter_5.json")).exists();
    assertThat(run(folder.resolve("iter_5.json"), new IterTimerHook(), Priority.LOW))
        .isEqualTo(whole);
  }

  @Test
  @DisplayName("K24 where a hook fails behind the update, the iteration counts")
  void behindUpdate() {
    double whole = run(null, new IterTimerHook(), Priority.LOW);
    fails(Stage.AFTER_TRAIN_ITER, 5, Priority.NORMAL);
    assertThat(folder.resolve("iter_6.json")).exists();
    assertThat(run(folder.resolve("iter_6.json"), new IterTimerHook(), Priority.LOW))
        .isEqualTo(whole);
  }

  @Test
  @DisplayName("K24 a failure within an update leaves the checkpoint before")
  void withinUpdate() {
    fails(Stage.AFTER_TRAIN_ITER, 5, Priority.HIGHEST);
    assertThat(Files.exists(folder.resolve("iter_5.json"))).isFalse();
    assertThat(folder.resolve("epoch_1.json")).exists();
    assertThat(folder.resolve("latest")).hasContent("epoch_1.json");
  }
}
