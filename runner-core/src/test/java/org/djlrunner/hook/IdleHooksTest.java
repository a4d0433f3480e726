package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Hooks of MMCV that have little or nothing to do here. */
class IdleHooksTest {
  private final List<String> notes = new ArrayList<>();

  /** Two epochs of three batches, each with one of validation behind it. */
  private void run(Hook hook) {
    var runner = EpochBasedRunner.builder(new FakeStep(), 2).build();
    runner.registerHook(hook);
    runner.registerHook(
        new LoggerHook(
            10,
            Every.Unit.EPOCH,
            true,
            context ->
                new LogSink() {
                  @Override
                  public void write(LogRecord record) {}

                  @Override
                  public void note(String sentence) {
                    notes.add(sentence);
                  }
                }));
    runner.run(
        List.of(FakeLoader.of(3), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
  }

  private int released(boolean beforeEpoch, boolean afterEpoch, boolean afterIter) {
    int[] calls = {0};
    run(new EmptyCacheHook(beforeEpoch, afterEpoch, afterIter, Optional.of(() -> calls[0]++)));
    assertThat(notes).isEmpty();
    return calls[0];
  }

  @Test
  @DisplayName("H14 memory is given back at the stages asked for, in training and validation")
  void emptyCache() {
    assertThat(released(true, false, false)).isEqualTo(4);
    assertThat(released(false, true, false)).isEqualTo(4);
    assertThat(released(false, false, true)).isEqualTo(8);
    assertThat(released(true, true, true)).isEqualTo(16);
    assertThat(released(false, false, false)).isZero();
  }

  @Test
  @DisplayName("H14 without a cache it does nothing, and says so once")
  void noCache() {
    run(new EmptyCacheHook(true, true, true, Optional.empty()));
    assertThat(notes)
        .containsExactly("EmptyCacheHook does nothing here: memory is cached on a GPU only");
  }

  @Test
  @DisplayName("H15 hooks for several processes are accepted, and say once that they do nothing")
  void oneProcess() {
    run(new DistSamplerSeedHook());
    run(new SyncBuffersHook());
    assertThat(notes).hasSize(2);
    assertThat(notes.get(0)).startsWith("DistSamplerSeedHook has nothing to do");
    assertThat(notes.get(1)).startsWith("SyncBuffersHook has nothing to do");
  }
}
