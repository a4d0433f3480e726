package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.transform.AutoAugment;
import org.djlrunner.djl.data.transform.Cutout;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.GradedTransform;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.data.transform.PolicyPresets;
import org.djlrunner.djl.data.transform.RandAugment;
import org.djlrunner.djl.data.transform.RandomErasing;
import org.djlrunner.djl.data.transform.Rotate;
import org.djlrunner.djl.data.transform.Shear;
import org.djlrunner.djl.data.transform.Translate;

/** Makes the transforms that fill and warp, and those that choose among others, from configs. */
final class PolicyFactories {
  private static final String POLICIES = "policies";
  private static final String MAGNITUDE_KEY = "magnitude_key";
  private static final String MAGNITUDE_RANGE = "magnitude_range";
  private static final int GREY = 128;

  private PolicyFactories() {}

  static void register(Registry<PipelineStep> transforms) {
    transforms
        .register("RandomErasing", PolicyFactories::randomErasing)
        .register("Cutout", PolicyFactories::cutout)
        .register("Shear", PolicyFactories::shear)
        .register("Translate", PolicyFactories::translate)
        .register("Rotate", PolicyFactories::rotate)
        .register("AutoAugment", config -> autoAugment(config, transforms))
        .register("RandAugment", config -> randAugment(config, transforms));
  }

  /** A transform's strength, which RandAugment sets where {@code magnitude_key} names it. */
  static double magnitude(ConfigReader config, String key) {
    if (!config.has(MAGNITUDE_KEY)) {
      return config.number(key);
    }
    String named = config.string(MAGNITUDE_KEY);
    config.require(
        named.equals(key),
        MAGNITUDE_KEY,
        "the magnitude of this transform is called " + key + ", got '" + named + "'");
    return 0;
  }

  private static ImageTransform randomErasing(ConfigReader config) {
    String mode = config.string("mode", "const");
    config.require(
        mode.equals("const") || mode.equals("rand"),
        "mode",
        "expected const or rand, got '" + mode + "'");
    List<Double> aspects = aspects(config);
    return new RandomErasing(
        config.number("erase_prob", 0.5),
        config.number("min_area_ratio", 0.02),
        config.number("max_area_ratio", 0.4),
        aspects.get(0),
        aspects.get(1),
        mode.equals("rand"),
        TransformOptions.fill(config, "fill_color", GREY),
        config.isSequence("fill_std")
            ? config.numbers("fill_std", List.of())
            : config.has("fill_std") ? List.of(config.number("fill_std")) : List.of());
  }

  /** Two aspects, or one that stands for itself and its inverse. */
  private static List<Double> aspects(ConfigReader config) {
    String key = "aspect_range";
    if (!config.has(key) || config.isSequence(key)) {
      return TransformOptions.range(config, key, 0.3, 10.0 / 3);
    }
    double one = config.number(key);
    return List.of(Math.min(one, 1 / one), Math.max(one, 1 / one));
  }

  private static ImageTransform cutout(ConfigReader config) {
    Extent shape =
        config.has(MAGNITUDE_KEY)
            ? new Extent((int) magnitude(config, "shape"), 0)
            : TransformOptions.size(config, "shape");
    return new Cutout(
        shape.height(), shape.width(), fill(config), TransformOptions.probability(config));
  }

  private static ImageTransform shear(ConfigReader config) {
    return new Shear(
        magnitude(config, "magnitude"),
        fill(config),
        TransformOptions.probability(config),
        direction(config),
        negative(config),
        TransformOptions.interpolation(config, Interpolation.BICUBIC));
  }

  private static ImageTransform translate(ConfigReader config) {
    return new Translate(
        magnitude(config, "magnitude"),
        fill(config),
        TransformOptions.probability(config),
        direction(config),
        negative(config),
        TransformOptions.interpolation(config, Interpolation.NEAREST));
  }

  private static ImageTransform rotate(ConfigReader config) {
    return new Rotate(
        magnitude(config, "angle"),
        config.number("scale", 1),
        fill(config),
        TransformOptions.probability(config),
        negative(config),
        TransformOptions.interpolation(config, Interpolation.NEAREST));
  }

  private static FillValue fill(ConfigReader config) {
    return TransformOptions.fill(config, "pad_val", GREY);
  }

  private static Direction direction(ConfigReader config) {
    return config.choice("direction", Direction.class, Direction.HORIZONTAL);
  }

  private static double negative(ConfigReader config) {
    return config.number("random_negative_prob", 0.5);
  }

  private static ImageTransform autoAugment(
      ConfigReader config, Registry<PipelineStep> transforms) {
    Hparams hparams = Hparams.of(config);
    if (isNamed(config)) {
      return preset(config, "imagenet") ? presets(hparams).imageNet() : nothing();
    }
    config.require(
        config.has(POLICIES), POLICIES, "missing; expected 'imagenet' or a list of policies");
    List<List<ImageTransform>> policies = new ArrayList<>();
    for (List<ConfigReader> steps : config.sectionLists(POLICIES)) {
      policies.add(
          steps.stream()
              .flatMap(step -> transform(hparams.in(step), transforms).stream())
              .toList());
    }
    return new AutoAugment(policies);
  }

  private static ImageTransform randAugment(
      ConfigReader config, Registry<PipelineStep> transforms) {
    Hparams hparams = Hparams.of(config);
    List<RandAugment.Policy> policies = new ArrayList<>();
    if (isNamed(config)) {
      if (preset(config, "timm_increasing")) {
        policies.addAll(presets(hparams).increasing());
      } else {
        return nothing();
      }
    } else {
      config.require(
          config.has(POLICIES),
          POLICIES,
          "missing; expected 'timm_increasing' or a list of transforms");
      for (ConfigReader step : config.sections(POLICIES)) {
        policy(hparams.in(step), transforms).ifPresent(policies::add);
      }
    }
    return new RandAugment(
        policies,
        config.integer("num_policies"),
        config.number("magnitude_level"),
        deviation(config),
        // The names of policies came with MMClassification 1.0, and with them another default.
        config.number("total_level", isNamed(config) ? 10 : 30));
  }

  private static Optional<RandAugment.Policy> policy(
      ConfigReader step, Registry<PipelineStep> transforms) {
    boolean graded = step.has(MAGNITUDE_KEY);
    RandAugment.Range range = null;
    if (graded) {
      List<Double> ends = step.numbers(MAGNITUDE_RANGE, List.of());
      step.require(
          ends.size() == 2,
          MAGNITUDE_RANGE,
          "expected what magnitude level 0 and total_level mean, two numbers, got " + ends);
      range = ends.size() == 2 ? new RandAugment.Range(ends.get(0), ends.get(1)) : null;
    }
    Optional<ImageTransform> transform = transform(step, transforms);
    if (transform.isPresent() && graded) {
      step.require(
          transform.get() instanceof GradedTransform,
          MAGNITUDE_KEY,
          "this transform has no magnitude");
    }
    RandAugment.Range ends = range;
    return transform.map(t -> new RandAugment.Policy(t, ends));
  }

  private static Optional<ImageTransform> transform(
      ConfigReader step, Registry<PipelineStep> transforms) {
    Optional<PipelineStep> built = transforms.build(step);
    if (built.isPresent() && !(built.get() instanceof ImageTransform)) {
      step.error("type", "a policy consists of transforms of pixels");
    }
    return built.filter(ImageTransform.class::isInstance).map(ImageTransform.class::cast);
  }

  private static PolicyPresets presets(Hparams hparams) {
    return new PolicyPresets(hparams.beyond(), hparams.interpolation());
  }

  private static double deviation(ConfigReader config) {
    String key = "magnitude_std";
    if (config.node(key).orElse(null) instanceof ConfigNode.Value value
        && ("inf".equals(value.value())
            || Double.valueOf(Double.POSITIVE_INFINITY).equals(value.value()))) {
      return Double.POSITIVE_INFINITY;
    }
    return config.number(key, 0);
  }

  private static boolean isNamed(ConfigReader config) {
    return config.has(POLICIES) && config.node(POLICIES).orElseThrow() instanceof ConfigNode.Value;
  }

  private static boolean preset(ConfigReader config, String known) {
    String name = config.string(POLICIES);
    config.require(
        name.equals(known),
        POLICIES,
        "unknown policies '" + name + "'; expected '" + known + "' or a list");
    return name.equals(known);
  }

  /** In place of what was refused. */
  private static ImageTransform nothing() {
    return (picture, random) -> {};
  }
}
