package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.Workflow;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which hooks are called where. */
class HookStagesTest {
  private static final class EveryIteration implements Hook {
    private final List<String> modes = new ArrayList<>();

    @Override
    public void afterIter(HookContext context) {
      modes.add(context.mode().orElseThrow().name());
    }
  }

  private static final class TrainingOnly implements Hook {
    private int generic;
    private int specific;

    @Override
    public void afterIter(HookContext context) {
      generic++;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      specific++;
    }
  }

  private static void run(Hook hook) {
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    runner.registerHook(hook);
    runner.run(
        List.of(FakeLoader.of(2), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
  }

  @Test
  @DisplayName("H03 a hook that overrides nothing is called nowhere")
  void nothing() {
    assertThat(new Hook() {}.triggeredStages()).isEmpty();
  }

  @Test
  @DisplayName("H03 a generic method serves training and validation")
  void generic() {
    EveryIteration hook = new EveryIteration();
    assertThat(hook.triggeredStages())
        .containsExactly(Stage.AFTER_TRAIN_ITER, Stage.AFTER_VAL_ITER);
    run(hook);
    assertThat(hook.modes).containsExactly("train", "train", "val");
  }

  @Test
  @DisplayName("H03 a specific method hides the generic one for its mode")
  void specificHidesGeneric() {
    TrainingOnly hook = new TrainingOnly();
    run(hook);
    assertThat(hook.specific).isEqualTo(2);
    assertThat(hook.generic).isEqualTo(1);
  }

  @Test
  @DisplayName("H03 overriding all ten stages triggers all ten, in the order of a run")
  void all() {
    assertThat(new RecordingHook().triggeredStages()).containsExactly(Stage.values());
  }

  @Test
  @DisplayName("H02 the table shows each stage's hooks in calling order")
  void describe() {
    Hooks hooks = new Hooks();
    hooks.add(new EveryIteration(), Priority.LOW);
    hooks.add(new TrainingOnly(), new Priority(33));
    assertThat(hooks.describe().lines())
        .containsExactly(
            "after_train_iter:",
            "(33          ) TrainingOnly                       ",
            "(LOW         ) EveryIteration                     ",
            " -------------------- ",
            "after_val_iter:",
            "(33          ) TrainingOnly                       ",
            "(LOW         ) EveryIteration                     ",
            " -------------------- ");
  }
}
