package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.djlrunner.Workflow;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.NonFinite;
import org.djlrunner.hook.NonFinite.Policy;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.UpdateSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A batch with a pixel that is no number, on a real device. */
@AlsoOnGpu
class NonFiniteOnDeviceTest {
  private static final int BATCHES = 6;
  private static final int BROKEN = 2;

  private final DjlModelStep<ArrayBatch> model =
      new DjlModelStep<>(
          Networks.normed(), CrossEntropyLoss.hard(), Devices.tested(), 0, Networks.normedInput());
  private final Sgd sgd =
      new Sgd(model.arena(), SgdOptions.lr(0.05).withMomentum(0.9), model.scalars());
  private final List<float[]> weights = new ArrayList<>();

  @AfterEach
  void close() {
    sgd.close();
    model.close();
  }

  @Test
  @DisplayName("U08 skip leaves the update of such a batch out, and only that")
  void skip() {
    run(Policy.SKIP);
    assertThat(weights.get(BROKEN)).isEqualTo(weights.get(BROKEN - 1));
    assertThat(weights.get(BROKEN - 1)).isNotEqualTo(weights.get(BROKEN - 2));
  }

  @Test
  @DisplayName("U09 restore brings weights and running statistics back to where they were finite")
  void restore() {
    run(Policy.RESTORE);
    assertThat(finite(weights.get(BATCHES - 1))).isTrue();
    assertThat(weights.get(BATCHES - 1)).isNotEqualTo(weights.get(BROKEN - 1));
    assertThat(Steps.validate(model, batch(9)).get("loss")).isFinite();
  }

  @Test
  @DisplayName("U07 fail names the batch")
  void fail() {
    assertThatThrownBy(() -> run(Policy.FAIL))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("loss is NaN")
        .hasMessageContaining("iteration " + (BROKEN + 1));
  }

  private void run(Policy policy) {
    var runner = DjlRunners.epochBased(model, sgd, 1).build();
    runner.registerHook(
        new OptimizerHook(UpdateSettings.PLAIN.nonFinite(new NonFinite(policy, 2, 1))));
    runner.registerHook(
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            weights.add(model.arena().master().toFloatArray());
          }
        },
        Priority.LOWEST);
    List<Supplier<ArrayBatch>> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      int index = i;
      batches.add(() -> index == BROKEN ? broken() : batch(index));
    }
    runner.run(List.of(new ListLoader<>(batches)), Workflow.training());
  }

  private ArrayBatch batch(long seed) {
    return Networks.batch(model.manager(), 8, Networks.normedInput(), seed);
  }

  private ArrayBatch broken() {
    ArrayBatch batch = batch(BROKEN);
    NDArray pixels = batch.inputs().head();
    pixels.addi(Float.NaN);
    return batch;
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
