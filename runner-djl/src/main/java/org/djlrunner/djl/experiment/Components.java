package org.djlrunner.djl.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.FashionMnist;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.script.TorchScriptBlock;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;

/**
 * The components that a config can name by {@code type}, and where an application adds its own.
 *
 * @param datasets what the sections data.train and data.val can name
 * @param models what the section model can name
 * @param losses what the section loss can name
 * @param optimizers what the section optimizer can name
 * @param hooks what the entries of custom_hooks can name
 */
public record Components(
    Registry<DatasetSpec> datasets,
    Registry<ModelSpec> models,
    Registry<LossSpec> losses,
    Registry<OptimizerSpec> optimizers,
    Registry<HookSpec> hooks) {

  /** All that the project ships. */
  public static Components shipped() {
    return new Components(
        shippedDatasets(), shippedModels(), shippedLosses(), shippedOptimizers(), shippedHooks());
  }

  private static Registry<DatasetSpec> shippedDatasets() {
    return new Registry<DatasetSpec>("data set")
        .register("FashionMNIST", Components::fashionMnist)
        .register("Glyphs", Components::glyphs);
  }

  private static Registry<ModelSpec> shippedModels() {
    return new Registry<ModelSpec>("model")
        .register("LeNet5", Components::leNet5)
        .register("ResNet", config -> resNet(config, false))
        .register("ResNet_CIFAR", config -> resNet(config, true))
        .register("TorchScript", Components::torchScript);
  }

  private static Registry<LossSpec> shippedLosses() {
    return new Registry<LossSpec>("loss")
        .register("CrossEntropyLoss", config -> crossEntropy(config, 0))
        .register(
            "LabelSmoothLoss", config -> crossEntropy(config, config.number("label_smooth_val")));
  }

  private static Registry<OptimizerSpec> shippedOptimizers() {
    return new Registry<OptimizerSpec>("optimizer")
        .register("SGD", OptimizerFactories::sgd)
        .register("Adam", config -> OptimizerFactories.adam(config, false))
        .register("AdamW", config -> OptimizerFactories.adam(config, true))
        .register("RMSprop", OptimizerFactories::rmsProp)
        .register("Adagrad", OptimizerFactories::adagrad)
        .register("Adadelta", OptimizerFactories::adadelta)
        .register("Adamax", OptimizerFactories::adamax);
  }

  private static Registry<HookSpec> shippedHooks() {
    return new Registry<HookSpec>("hook")
        .register("EMAHook", EmaHooks::linear)
        .register("LinearMomentumEMAHook", EmaHooks::linear)
        .register("ExpMomentumEMAHook", EmaHooks::exponential)
        .register("MomentumAnnealingEMAHook", EmaHooks::annealing);
  }

  private static LossSpec crossEntropy(ConfigReader config, double smoothing) {
    List<Double> weights = config.numbers("class_weight", List.of());
    CrossEntropyLoss loss =
        CrossEntropyLoss.hard().withSmoothing(smoothing).withClassWeights(weights);
    return () -> loss;
  }

  private static DatasetSpec fashionMnist(ConfigReader config) {
    Path folder = Path.of(config.string("data_prefix"));
    boolean test = config.bool("test_mode", false);
    return () -> new FashionMnist(folder, test);
  }

  private static DatasetSpec glyphs(ConfigReader config) {
    int size = config.integer("size");
    long seed = config.longInteger("seed", 0);
    config.require(
        (size > 0 && size <= Glyphs.MAX_SIZE) || !config.has("size"),
        "size",
        "must be 1 to " + Glyphs.MAX_SIZE + ", got " + size);
    return DatasetSpec.sized(size, () -> new Glyphs(size, seed));
  }

  private static ModelSpec leNet5(ConfigReader config) {
    int classes = classes(config, 10);
    return images -> new LeNet5(classes, images.channels());
  }

  private static ModelSpec resNet(ConfigReader config, boolean smallStem) {
    ResNetDepth depth = ResNetDepth.of(config.integer("depth", 18));
    int classes = classes(config, smallStem ? 10 : 1000);
    return images -> new ResNet(depth, classes, smallStem);
  }

  private static ModelSpec torchScript(ConfigReader config) {
    Path file = Path.of(config.string("file"));
    return images -> {
      try {
        return TorchScriptBlock.load(file);
      } catch (IOException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    };
  }

  private static int classes(ConfigReader config, int fallback) {
    int classes = config.integer("num_classes", fallback);
    config.require(classes > 0, "num_classes", "must be at least 1, got " + classes);
    return classes;
  }
}
