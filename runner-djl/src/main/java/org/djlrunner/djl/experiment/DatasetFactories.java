package org.djlrunner.djl.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.FashionMnist;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.IdxImages;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.SyntheticImages;
import org.djlrunner.djl.data.cifar.Cifar;
import org.djlrunner.djl.data.cifar.CifarKind;

/** Reads the data sets that the project ships, in MMClassification's words. */
final class DatasetFactories {
  private static final ImageShape SMALL_GREY = new ImageShape(28, 28, 1);

  private DatasetFactories() {}

  static Registry<DatasetSpec> shipped() {
    Registry<DatasetSpec> datasets = new Registry<>("data set");
    datasets
        .register("MNIST", config -> idx(config, IdxImages::mnist))
        .register("FashionMNIST", config -> idx(config, FashionMnist::new))
        .register("KMNIST", config -> idx(config, IdxImages::kuzushiji))
        .register("CIFAR10", config -> cifar(config, CifarKind.CIFAR10))
        .register("CIFAR100", config -> cifar(config, CifarKind.CIFAR100))
        .register(List.of("CustomDataset", "ImageFolder", "ImageNet"), FileDatasets::images)
        .register("WebDataset", FileDatasets::shards)
        .register("Glyphs", DatasetFactories::glyphs)
        .register("FakeData", DatasetFactories::synthetic);
    WrapperFactories.register(datasets);
    return datasets;
  }

  private static DatasetSpec idx(
      ConfigReader config, BiFunction<Path, Boolean, ? extends LabelledImages> opener) {
    Path folder = Path.of(config.string("data_prefix"));
    boolean test = config.bool("test_mode", false);
    return DatasetSpec.of(
        () ->
            outline(
                orPublished(IdxImages.sizeOf(folder, test), folder, test ? 10_000 : 60_000),
                SMALL_GREY,
                10),
        () -> opener.apply(folder, test));
  }

  private static DatasetSpec cifar(ConfigReader config, CifarKind kind) {
    Path prefix = Path.of(config.string("data_prefix"));
    boolean test = config.bool("test_mode", false);
    return DatasetSpec.of(
        () ->
            outline(
                orPublished(Cifar.sizeOf(kind, prefix, test), prefix, test ? 10_000 : 50_000),
                Cifar.SHAPE,
                kind.classes().size()),
        () -> new Cifar(kind, prefix, test));
  }

  /** The size of the data set as it was published, where there are no files to ask. */
  private static OptionalInt orPublished(OptionalInt size, Path folder, int published) {
    return size.isEmpty() && !Files.exists(folder) ? OptionalInt.of(published) : size;
  }

  private static Optional<DatasetOutline> outline(OptionalInt size, ImageShape shape, int classes) {
    return size.stream().mapToObj(n -> new DatasetOutline(n, shape, classes)).findFirst();
  }

  private static DatasetSpec glyphs(ConfigReader config) {
    int size = config.integer("size");
    long seed = config.longInteger("seed", 0);
    config.require(
        (size > 0 && size <= Glyphs.MAX_SIZE) || !config.has("size"),
        "size",
        "must be 1 to " + Glyphs.MAX_SIZE + ", got " + size);
    return known(new DatasetOutline(size, SMALL_GREY, 10), () -> new Glyphs(size, seed));
  }

  private static DatasetSpec synthetic(ConfigReader config) {
    int size = config.integer("size", 1000);
    config.require(size > 0, "size", "must be at least 1, got " + size);
    int classes = config.integer("num_classes", 10);
    config.require(classes > 0, "num_classes", "must be at least 1, got " + classes);
    long seed = config.longInteger("seed", 0);
    List<Integer> sides = config.integers("image_size", List.of(3, 224, 224));
    boolean shaped =
        sides.size() == 3
            && (sides.get(0) == 1 || sides.get(0) == 3)
            && sides.get(1) > 0
            && sides.get(2) > 0;
    config.require(
        shaped,
        "image_size",
        "expected channels (1 or 3), height and width, such as [3, 224, 224]; got " + sides);
    ImageShape shape =
        shaped ? new ImageShape(sides.get(1), sides.get(2), sides.get(0)) : SMALL_GREY;
    return known(
        new DatasetOutline(size, shape, classes),
        () -> new SyntheticImages(size, shape, classes, seed));
  }

  private static DatasetSpec known(
      DatasetOutline outline, Supplier<? extends LabelledImages> opener) {
    return DatasetSpec.of(() -> Optional.of(outline), opener);
  }
}
