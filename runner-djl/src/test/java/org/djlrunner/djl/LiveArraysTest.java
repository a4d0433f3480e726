package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.djlrunner.Every;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.NativeHeap;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * However long a run is, and however it ends, the same number of native arrays is alive, and of the
 * managers that hold them.
 */
@DisplayName("D05 live arrays")
@AlsoOnGpu
class LiveArraysTest {
  private static final int ITERATIONS = 1_000;

  /** Growth that is no leak; compilers and collectors of the JVM use the C library's heap too. */
  private static final long ROOM = 8 << 20;

  @Test
  void aThousandIterationsWithEvaluationLeaveNoArrayBehind() {
    try (Setup setup = new Setup()) {
      LiveArrays live = new LiveArrays(setup.model);

      setup.run(live);

      if (Devices.isGpuTested()) {
        assertThat(live.growth()).as("bytes of the GPU").isLessThan(ROOM);
      }
      assertThat(live.counts).hasSize(ITERATIONS);
      // The momentum comes to life in the first iteration.
      List<Integer> afterTheFirst = live.counts.subList(1, ITERATIONS);
      assertThat(afterTheFirst).containsOnly(live.counts.get(1));
      assertThat(LiveCount.below(setup.model.manager())).isLessThan(live.counts.get(1));
    }
  }

  @Test
  @DisplayName("steps that throw in forward, before backward and after it leave nothing behind")
  void aThousandStepsOfWhichEveryHundredthThrowsLeaveNothingBehind() {
    try (Setup setup = new Setup();
        DataPass<ImageBatch> pass = new IterLoader<>(setup.train)) {
      int arrays = 0;
      OptionalLong bytes = OptionalLong.empty();
      for (int i = 1; i <= ITERATIONS; i++) {
        int failing = i % 100 == 0 ? i / 100 % 3 + 1 : 0;
        if (failing == 0) {
          setup.step(pass.next(), 0);
        } else {
          assertThatThrownBy(() -> setup.step(pass.next(), failing))
              .hasMessageMatching("(?s)injected|.*out of bounds.*|.*must be.*");
        }
        if (i == 310) {
          arrays = LiveCount.below(setup.model.manager());
          bytes = bytesInUse();
        }
      }
      assertThat(LiveCount.below(setup.model.manager())).isEqualTo(arrays);
      if (bytes.isPresent()) {
        long growth = bytesInUse().orElseThrow() - bytes.getAsLong();
        assertThat(growth).isLessThan(ROOM);
      }
    }
  }

  @Test
  void aRunThatAHookEndsLeavesNoArrayBehind() {
    try (Setup setup = new Setup()) {
      setup.run(new FailingHook(2));
      int afterTwo = LiveCount.below(setup.model.manager());

      setup.run(new FailingHook(30));

      assertThat(LiveCount.below(setup.model.manager())).isEqualTo(afterTwo);
    }
  }

  @Test
  void closingFreesEveryArray() {
    Setup setup = new Setup();
    setup.run(new FailingHook(3));
    List<NDArray> arrays = setup.atRest();
    assertThat(arrays).isNotEmpty();

    setup.close();

    assertThat(arrays).allMatch(NDArray::isReleased);
    assertThat(setup.model.manager().isOpen()).isFalse();
  }

  /** What the device under test has given away; empty where nobody can say. */
  private static OptionalLong bytesInUse() {
    if (!Devices.isGpuTested()) {
      return NativeHeap.bytesInUse();
    }
    // What libtorch keeps for later use would hide what it still needs.
    JniUtils.emptyCudaCache();
    return OptionalLong.of(CudaUtils.getGpuMemory(Devices.tested()).getUsed());
  }

  /** A model, its loaders and its optimizer, for several runs. */
  private static final class Setup implements AutoCloseable {
    private final LeNet5 network = new LeNet5(10);
    private final DjlModelStep<ImageBatch> model =
        new DjlModelStep<>(
            network, CrossEntropyLoss.hard(), Devices.tested(), 0, network.inputShape());
    private final ImageLoader train = loader(LoaderOptions.training(8, 0));
    private final ImageLoader val = loader(LoaderOptions.evaluation(50));
    private final Sgd sgd =
        new Sgd(model.arena(), SgdOptions.lr(0.01).withMomentum(0.9), model.scalars());

    /**
     * One step without a runner, which fails within the native call (1), before backward (2) or
     * after (3).
     */
    void step(ImageBatch batch, int failing) {
      try (ImageBatch closed = batch;
          Scope training = model.enter(Mode.TRAIN)) {
        if (failing == 1) {
          // A label out of range, which libtorch notices in the middle of the step. On a GPU that
          // would end the context, and so all tests: there it is a label too few.
          NDArray labels = batch.labels().head();
          labels.intern(Devices.isGpuTested() ? labels.get("1:") : labels.add(100));
        }
        try (StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
          output.logVars().values().forEach(Scalar::release);
          failIf(failing == 2);
          sgd.zeroGrad();
          output.loss().orElseThrow().backward();
          failIf(failing == 3);
          sgd.step();
        }
      }
    }

    private static void failIf(boolean failing) {
      if (failing) {
        throw new IllegalStateException("injected");
      }
    }

    void run(Hook last) {
      Runner<ImageBatch> runner = DjlRunners.iterBased(model, sgd, ITERATIONS).build();
      runner.registerHook(new OptimizerHook(new GradClip(5)));
      runner.registerHook(new EvalHook<>(model, val, Every.iters(100)));
      runner.registerHook(last, Priority.LOWEST);
      if (last instanceof FailingHook) {
        assertThatThrownBy(() -> runner.run(List.of(train), Workflow.training()))
            .hasMessage("injected");
      } else {
        runner.run(List.of(train), Workflow.training());
      }
    }

    List<NDArray> atRest() {
      return model.manager().getManagedArrays();
    }

    private ImageLoader loader(LoaderOptions options) {
      return new ImageLoader(
          new Glyphs(200, 1), options, Normalization.symmetric(1), model.manager());
    }

    @Override
    public void close() {
      sgd.close();
      train.close();
      val.close();
      model.close();
    }
  }

  /** Counts arrays at the end of each iteration, with the log emptied as a logger would. */
  private static final class LiveArrays implements Hook {
    private final DjlModelStep<?> model;
    private final List<Integer> counts = new ArrayList<>();
    private OptionalLong early = OptionalLong.empty();

    LiveArrays(DjlModelStep<?> model) {
      this.model = model;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      context.logBuffer().average(1);
      counts.add(LiveCount.below(model.manager()));
      // The first evaluation is behind us at 150. A CPU's heap is the JVM's compilers' too: there
      // the counts tell more.
      if (Devices.isGpuTested() && counts.size() == 150) {
        early = bytesInUse();
      }
    }

    /** Bytes that the GPU gave away since. */
    long growth() {
      return bytesInUse().orElseThrow() - early.orElseThrow();
    }
  }

  private static final class FailingHook implements Hook {
    private final int iteration;

    FailingHook(int iteration) {
      this.iteration = iteration;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      if (context.progress().iter() == iteration) {
        throw new IllegalStateException("injected");
      }
    }
  }
}
