package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.transform.AutoContrast;
import org.djlrunner.djl.data.transform.Brightness;
import org.djlrunner.djl.data.transform.ColorJitter;
import org.djlrunner.djl.data.transform.ColorTransform;
import org.djlrunner.djl.data.transform.Contrast;
import org.djlrunner.djl.data.transform.Equalize;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Invert;
import org.djlrunner.djl.data.transform.Lighting;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.data.transform.Posterize;
import org.djlrunner.djl.data.transform.RandomGrayscale;
import org.djlrunner.djl.data.transform.Sharpness;
import org.djlrunner.djl.data.transform.Solarize;
import org.djlrunner.djl.data.transform.SolarizeAdd;

/** Makes the transforms of colours from configs. */
final class ColorFactories {
  private ColorFactories() {}

  /** Makes a transform of its strength and its two probabilities. */
  private interface OfMagnitude {
    ImageTransform of(double magnitude, double probability, double negativeProbability);
  }

  static void register(Registry<PipelineStep> transforms) {
    transforms
        .register(
            "ColorJitter",
            config ->
                new ColorJitter(
                    config.number("brightness"),
                    config.number("contrast"),
                    config.number("saturation")))
        .register("RandomGrayscale", config -> new RandomGrayscale(config.number("gray_prob", 0.1)))
        .register("Lighting", ColorFactories::lighting)
        .register("AutoContrast", config -> new AutoContrast(TransformOptions.probability(config)))
        .register("Equalize", config -> new Equalize(TransformOptions.probability(config)))
        .register("Invert", config -> new Invert(TransformOptions.probability(config)))
        .register("Brightness", config -> signed(config, Brightness::new))
        .register("Contrast", config -> signed(config, Contrast::new))
        .register("ColorTransform", config -> signed(config, ColorTransform::new))
        .register("Sharpness", config -> signed(config, Sharpness::new))
        .register(
            "Solarize",
            config ->
                new Solarize(
                    PolicyFactories.magnitude(config, "thr"), TransformOptions.probability(config)))
        .register(
            "SolarizeAdd",
            config ->
                new SolarizeAdd(
                    PolicyFactories.magnitude(config, "magnitude"),
                    config.number("thr", 128),
                    TransformOptions.probability(config)))
        .register(
            "Posterize",
            config ->
                new Posterize(
                    PolicyFactories.magnitude(config, "bits"),
                    TransformOptions.probability(config)));
  }

  private static ImageTransform signed(ConfigReader config, OfMagnitude transform) {
    return transform.of(
        PolicyFactories.magnitude(config, "magnitude"),
        TransformOptions.probability(config),
        config.number("random_negative_prob", 0.5));
  }

  private static ImageTransform lighting(ConfigReader config) {
    List<Double> values = config.numbers("eigval", List.of());
    config.require(
        config.bool("to_rgb", true), "to_rgb", "images are red-green-blue; leave it out");
    return new Lighting(values, rows(config, "eigvec"), config.number("alphastd", 0.1));
  }

  /** A matrix: a list of lists of numbers. */
  private static List<List<Double>> rows(ConfigReader config, String key) {
    List<List<Double>> rows = new ArrayList<>();
    if (config.node(key).orElse(null) instanceof ConfigNode.Sequence list) {
      for (ConfigNode row : list.items()) {
        if (row instanceof ConfigNode.Sequence numbers) {
          rows.add(numbers.items().stream().flatMap(ColorFactories::number).toList());
        }
      }
    }
    config.require(
        rows.size() == 3
            && IntStream.range(0, 3).allMatch(i -> rows.get(i).size() == rows.get(0).size()),
        key,
        "expected three lists of numbers, for red, green and blue");
    return rows;
  }

  private static Stream<Double> number(ConfigNode node) {
    return node instanceof ConfigNode.Value value && value.value() instanceof Number number
        ? Stream.of(number.doubleValue())
        : Stream.of();
  }
}
