package org.djlrunner.djl.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.djl.Computation;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.data.FashionMnist;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LossScaling;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.UpdateSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@AlsoOnGpu
class LowPrecisionTrainingTest {
  private static final int STEPS = 200;

  @Test
  @DisplayName("N06 after 200 steps the loss is within 2 % of float32's")
  void reachesTheLossOfFloat32() {
    double expected = finalLoss(Precision.FP32, null);
    assertThat(expected).as("it learns").isLessThan(1);
    assertThat(finalLoss(Precision.BF16, null)).isCloseTo(expected, within(0.02 * expected));
    assertThat(finalLoss(Precision.FP16, LossScaling.fixed(512)))
        .isCloseTo(expected, within(0.02 * expected));
  }

  @Test
  @DisplayName("N06 a scale that overflows float16 is backed off until updates come through")
  void dynamicScaleFindsItsWay() {
    double loss = finalLoss(Precision.FP16, LossScaling.dynamic(1e9, 2, 0.5, 1000));
    assertThat(loss).isLessThan(1);
  }

  @Test
  @DisplayName("N05 auto follows the hardware")
  void auto() {
    try (DjlModelStep<ImageBatch> model =
        new DjlModelStep<>(
            Networks.normed(),
            CrossEntropyLoss.hard(),
            Devices.tested(),
            0,
            Networks.normedInput(),
            new StepOptions(Precision.AUTO, Compile.AUTO))) {
      Precision expected = Bfloat16Support.of(Devices.tested()) ? Precision.BF16 : Precision.FP32;
      InputSpec inputs =
          new InputSpec(
              List.of(Networks.normedInput().slice(1)),
              List.of(ai.djl.ndarray.types.DataType.FLOAT32),
              false);
      assertThat(model.computation(inputs)).isEqualTo(new Computation(expected, true, ""));
    }
  }

  /** Fashion-MNIST, if the property fashion.mnist names its folder, else the built-in glyphs. */
  private static ImageDataset images() {
    String folder = System.getProperty("fashion.mnist");
    return folder == null ? new Glyphs(6400, 1) : new FashionMnist(Path.of(folder), false);
  }

  /** The mean loss of the last 40 steps of LeNet-5 on glyphs. */
  private static double finalLoss(Precision precision, @Nullable LossScaling scaling) {
    LeNet5 network = new LeNet5(10);
    LastLoss last = new LastLoss();
    try (DjlModelStep<ImageBatch> model =
            new DjlModelStep<>(
                network,
                CrossEntropyLoss.hard(),
                Devices.tested(),
                0,
                network.inputShape(),
                new StepOptions(precision, Compile.ALWAYS));
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.02).withMomentum(0.9), model.scalars());
        ImageLoader loader =
            new ImageLoader(
                images(),
                LoaderOptions.training(64, 0),
                Normalization.symmetric(1),
                model.manager())) {
      Runner<ImageBatch> runner = DjlRunners.iterBased(model, sgd, STEPS).build();
      runner.registerHook(new OptimizerHook(UpdateSettings.PLAIN.scaling(scaling)));
      runner.registerHook(last, Priority.LOWEST);
      runner.run(List.of(loader), Workflow.training());
    }
    return last.mean;
  }

  private static final class LastLoss implements Hook {
    private double mean;

    @Override
    public void afterTrainIter(HookContext context) {
      if (context.progress().iter() == STEPS - 1) {
        mean = context.logBuffer().average(40).getOrDefault("loss", Double.NaN);
      }
    }
  }
}
