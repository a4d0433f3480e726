package org.djlrunner.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.loss.Loss;
import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Counts what an optimizer step asks of libtorch.
 *
 * <p>DJL's native methods can't be intercepted here. Counted are the runs of kernels, at a counter
 * in {@link TorchKernels}; a run is six native calls by its source: two arguments, the method, and
 * the release of these three. The gradient's handle is one more call to get and one to release.
 * Arrays left in the arena's manager are counted as well, since each is a native call.
 */
@AlsoOnGpu
class NativeCallsTest {
  private static final int CALLS_OF_A_RUN = 6;
  private static final int CALLS_OF_THE_GRADIENT = 2;

  @Test
  @DisplayName("O06 an optimizer step of ResNet-50 in two groups takes at most ten native calls")
  void resNet50() {
    List<GroupSpec> groups =
        List.of(
            new GroupSpec("weights", name -> name.endsWith(".weight"), Map.of()),
            new GroupSpec(
                "biases", name -> !name.endsWith(".weight"), Map.of("weight_decay", 0.0)));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                new ResNet(ResNetDepth.of(50), 10, false),
                Loss.softmaxCrossEntropyLoss(),
                Devices.tested(),
                0,
                new Shape(1, 3, 32, 32));
        Sgd sgd =
            new Sgd(model.arena(), SgdOptions.lr(0.1).withMomentum(0.9), groups, model.scalars())) {
      assertThat(model.arena().slots()).hasSize(161);
      int arrays = 0;
      for (int i = 0; i < 3; i++) {
        try (Scope training = model.enter(Mode.TRAIN);
            ArrayBatch batch = Networks.batch(model.manager(), 2, new Shape(1, 3, 32, 32), 1);
            StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
          sgd.zeroGrad();
          output.loss().orElseThrow().backward();
          long before = TorchKernels.shared().runs();
          sgd.step();
          long runs = TorchKernels.shared().runs() - before;
          assertThat(runs).isPositive();
          Steps.read(output);
          assertThat(runs * CALLS_OF_A_RUN + CALLS_OF_THE_GRADIENT).isLessThanOrEqualTo(10);
        }
        int now = model.manager().getManagedArrays().size();
        assertThat(now).as("arrays of the model after step %d", i).isEqualTo(i < 1 ? now : arrays);
        arrays = now;
      }
    }
  }
}
