package org.djlrunner.djl.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.build.RunnerSpec;
import org.djlrunner.build.RunnerTypes;
import org.djlrunner.config.ConfigException;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.data.sampler.SamplerSpec;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.script.TorchScriptBlock;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;
import org.djlrunner.hook.Hook;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;

/**
 * The components that a config can name by {@code type}, and where an application adds its own.
 *
 * @param datasets what the sections data.train and data.val can name
 * @param samplers what the section data.train.sampler can name
 * @param transforms what the entries of a pipeline can name
 * @param models what the section model can name
 * @param losses what the section loss can name
 * @param optimizers what the section optimizer can name
 * @param hooks what the entries of custom_hooks can name
 * @param runners what the section runner can name
 */
public record Components(
    Registry<DatasetSpec> datasets,
    Registry<SamplerSpec> samplers,
    Registry<PipelineStep> transforms,
    Registry<ModelSpec> models,
    Registry<LossSpec> losses,
    Registry<OptimizerSpec> optimizers,
    Registry<HookSpec> hooks,
    Registry<RunnerSpec> runners) {

  /** All that the project ships. */
  public static Components shipped() {
    return new Components(
        DatasetFactories.shipped(),
        SamplerFactories.shipped(),
        shippedTransforms(),
        shippedModels(),
        shippedLosses(),
        shippedOptimizers(),
        HookTypes.shipped(),
        RunnerTypes.shipped());
  }

  /**
   * All that the project ships, and what providers on the class path add.
   *
   * @throws IllegalStateException if a provider can't be loaded or fails; names it
   */
  public static Components discovered() {
    Components components = shipped();
    Iterator<ComponentProvider> providers = ServiceLoader.load(ComponentProvider.class).iterator();
    try {
      while (providers.hasNext()) {
        ComponentProvider provider = providers.next();
        try {
          provider.addTo(components);
        } catch (RuntimeException e) {
          throw new IllegalStateException(
              provider.getClass().getName() + " can't add its components: " + e.getMessage(), e);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new IllegalStateException(
          "a provider of components can't be loaded: " + e.getMessage(), e);
    }
    return components;
  }

  /**
   * A runner, as MMCV's {@code build_runner}: {@code {type: EpochBasedRunner, max_epochs: 3}}.
   *
   * @return its builder, with neither optimizer nor work folder
   * @throws ConfigException with all that is wrong
   */
  public <B> RunnerBuilder<B, ? extends Runner<B>> buildRunner(
      ModelStep<B> model, Map<String, ?> config) {
    return runners.build(config, Map.of()).builder(model);
  }

  /**
   * An optimizer over a model's parameters, as MMCV's {@code build_optimizer}; the caller closes
   * it.
   *
   * @throws ConfigException with all that is wrong
   */
  public Optimizer buildOptimizer(DjlModelStep<?> model, Map<String, ?> config) {
    return optimizers.build(config, Map.of()).create(model);
  }

  /**
   * A hook, as MMCV's {@code build_hook}.
   *
   * @throws ConfigException with all that is wrong
   */
  public Hook buildHook(TrainingParts parts, Map<String, ?> config) {
    return hooks.build(config, Map.of()).create(parts);
  }

  /**
   * A loader, as MMCV's {@code build_dataloader}; the caller closes it.
   *
   * @param dataset what the section data.train can hold, without its pipeline
   * @param loader {@code samples_per_gpu, workers_per_gpu, prefetch_factor, shuffle} (default true)
   *     and {@code drop_last, seed}
   * @throws ConfigException with all that is wrong
   */
  public ImageLoader buildDataLoader(
      DjlModelStep<?> model, Map<String, ?> dataset, Map<String, ?> loader) {
    LoaderOptions options =
        new Registry<LoaderOptions>("data loader")
            .register("DataLoader", LoaderDefaults::single)
            .build(loader, Map.of("type", "DataLoader"));
    LabelledImages data = datasets.build(dataset, Map.of()).open();
    return new ImageLoader(
        PreparedImages.of(data, Pipeline.NONE, options.seed()), options, model.manager());
  }

  private static Registry<PipelineStep> shippedTransforms() {
    Registry<PipelineStep> transforms = new Registry<>("transform");
    GeometryFactories.register(transforms);
    ColorFactories.register(transforms);
    PolicyFactories.register(transforms);
    return transforms;
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

  private static LossSpec crossEntropy(ConfigReader config, double smoothing) {
    List<Double> weights = config.numbers("class_weight", List.of());
    CrossEntropyLoss loss =
        CrossEntropyLoss.hard().withSmoothing(smoothing).withClassWeights(weights);
    return () -> loss;
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
