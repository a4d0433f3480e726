package org.djlrunner.djl.experiment;

import java.util.List;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.data.transform.CenterCrop;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.LoadImageFromFile;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Pad;
import org.djlrunner.djl.data.transform.PaddingMode;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.data.transform.RandomCrop;
import org.djlrunner.djl.data.transform.RandomFlip;
import org.djlrunner.djl.data.transform.RandomResizedCrop;
import org.djlrunner.djl.data.transform.Resize;
import org.djlrunner.djl.data.transform.ResizeSide;

/** Makes the transforms of sizes and places, and the steps without work, from configs. */
final class GeometryFactories {
  private GeometryFactories() {}

  static void register(Registry<PipelineStep> transforms) {
    transforms
        .register("LoadImageFromFile", GeometryFactories::load)
        .register("RandomResizedCrop", GeometryFactories::randomResizedCrop)
        .register("RandomCrop", GeometryFactories::randomCrop)
        .register("RandomFlip", GeometryFactories::randomFlip)
        .register("Resize", GeometryFactories::resize)
        .register("CenterCrop", GeometryFactories::centerCrop)
        .register("Pad", GeometryFactories::pad)
        .register("Normalize", GeometryFactories::normalize)
        .register(List.of("ImageToTensor", "ToTensor"), GeometryFactories::tensor)
        .register("Collect", GeometryFactories::collect);
  }

  private static PipelineStep load(ConfigReader config) {
    requireOnly(config, "color_type", "color", "images become red-green-blue");
    requireOnly(config, "imdecode_backend", "cv2", "OpenCV decodes");
    config.require(
        !config.bool("to_float32", false), "to_float32", "pixels stay 8 bit until the device");
    config
        .optionalSection("file_client_args")
        .ifPresent(
            client -> {
              requireOnly(client, "backend", "disk", "files are read from the file system");
              client.finish();
            });
    return new LoadImageFromFile(config.bool("reduced_size", true));
  }

  private static ImageTransform randomResizedCrop(ConfigReader config) {
    refuseEfficientNet(config);
    List<Double> scale = TransformOptions.range(config, "scale", 0.08, 1);
    List<Double> ratio = TransformOptions.range(config, "ratio", 3.0 / 4, 4.0 / 3);
    return new RandomResizedCrop(
        TransformOptions.size(config, "size"),
        scale.get(0),
        scale.get(1),
        ratio.get(0),
        ratio.get(1),
        config.integer("max_attempts", 10),
        TransformOptions.interpolation(config, Interpolation.BILINEAR));
  }

  private static ImageTransform randomCrop(ConfigReader config) {
    return new RandomCrop(
        TransformOptions.size(config, "size"),
        TransformOptions.padding(config, "padding"),
        config.bool("pad_if_needed", false),
        TransformOptions.fill(config, "pad_val", 0),
        config.choice("padding_mode", PaddingMode.class, PaddingMode.CONSTANT));
  }

  private static ImageTransform randomFlip(ConfigReader config) {
    return new RandomFlip(
        config.number("flip_prob", 0.5),
        config.choice("direction", Direction.class, Direction.HORIZONTAL));
  }

  private static ImageTransform resize(ConfigReader config) {
    Interpolation interpolation = TransformOptions.interpolation(config, Interpolation.BILINEAR);
    ResizeSide.Side side =
        config.choice("adaptive_side", ResizeSide.Side.class, ResizeSide.Side.SHORT);
    if (config.isSequence("size")) {
      List<Integer> size = config.integers("size", List.of());
      if (size.size() == 2 && size.get(0) > 0 && size.get(1) == -1) {
        return new ResizeSide(size.get(0), side, interpolation);
      }
    }
    return new Resize(TransformOptions.size(config, "size"), interpolation);
  }

  private static ImageTransform centerCrop(ConfigReader config) {
    refuseEfficientNet(config);
    return new CenterCrop(TransformOptions.size(config, "crop_size"));
  }

  private static ImageTransform pad(ConfigReader config) {
    boolean square = config.bool("pad_to_square", false);
    config.require(square != config.has("size"), "size", "give either size or pad_to_square: true");
    Extent size = square ? Extent.VARIES : TransformOptions.size(config, "size");
    return new Pad(
        size,
        TransformOptions.fill(config, "pad_val", 0),
        config.choice("padding_mode", PaddingMode.class, PaddingMode.CONSTANT));
  }

  private static PipelineStep normalize(ConfigReader config) {
    Normalization numbers =
        new Normalization(config.numbers("mean", List.of()), config.numbers("std", List.of()));
    return new Normalize(numbers.mean(), numbers.std(), config.bool("to_rgb", true));
  }

  private static PipelineStep tensor(ConfigReader config) {
    config.strings("keys", List.of());
    return new PipelineStep.Nothing();
  }

  private static PipelineStep collect(ConfigReader config) {
    config.strings("keys", List.of());
    config.strings("meta_keys", List.of());
    return new PipelineStep.Nothing();
  }

  private static void refuseEfficientNet(ConfigReader config) {
    config.require(
        !config.bool("efficientnet_style", false),
        "efficientnet_style",
        "this style of cropping is not supported; leave it out");
  }

  private static void requireOnly(ConfigReader config, String key, String only, String why) {
    String value = config.string(key, only);
    config.require(
        value.equals(only), key, "only '" + only + "' is supported, got '" + value + "': " + why);
  }
}
