package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.ClassDifference;
import org.djlrunner.djl.data.ImageFiles;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data sets and samplers as configs name them. */
class DatasetConfigTest {
  private static final Map<String, Object> FAKE =
      Map.of("type", "FakeData", "size", 20, "image_size", List.of(3, 4, 5), "num_classes", 3);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data.train.sampler={type: DistributdSampler}               | data.train.sampler.type | did you mean 'DistributedSampler'
          data.train.sampler={type: DistributedSampler, rank: 2}     | data.train.sampler: | rank must be 0 to 0, got 2
          data.train.sampler={type: DistributedSampler, drop_last: true, round_up: true} | data.train.sampler.round_up | choose one
          data.train.sampler={type: RepeatAugSampler, num_repeats: 0} | data.train.sampler.num_repeats | at least 1
          data.train.sampler={type: ClassBalancedSampler, shuffle: true} | data.train.sampler.shuffle | unknown key
          data.val.sampler={type: RandomSampler}                     | data.val.sampler        | only data.train has a sampler
          data.train={type: CIFAR10, data_prefx: x}                  | data.train.data_prefix  | missing
          data.train={type: CIFAR10, data_prefix: x, dataset: {}}    | data.train.dataset      | unknown key
          data.train={type: WebDataset, data_prefix: 's-{2..1}.tar'} | data.train.data_prefix  | no range
          data.train={type: WebDataset, data_prefix: 's.tar.gz'}     | data.train.data_prefix  | uncompressed
          data.train={type: FakeData, image_size: [224, 224, 3]}     | data.train.image_size   | channels (1 or 3)
          data.train={type: ImageFolder, data_prefix: x, classes: [a, a]} | data.train.classes | twice
          data.train={type: RepeatDataset, times: 0, dataset: {type: FakeData}} | data.train.times | at least 1
          data.train={type: RepeatDataset, times: 2}                 | data.train.dataset      | missing
          data.train={type: RepeatDataset, times: 2, dataset: {type: FakeDat}} | data.train.dataset.type | did you mean 'FakeData'
          data.train={type: RepeatDataset, times: 2, dataset: {type: FakeData, colour: 1}} | data.train.dataset.colour | unknown key
          data.train={type: ClassBalancedDataset, oversample_thr: 0, dataset: {type: FakeData}} | data.train.oversample_thr | above 0
          data.train={type: KFoldDataset, fold: 5, dataset: {type: FakeData}} | data.train:    | fold must be 0 to 4
          data.train={type: Subset, dataset: {type: FakeData}}       | data.train.indices      | either indices
          data.train={type: Subset, range: [5, 5], dataset: {type: FakeData}} | data.train.range | beyond from
          data.train={type: ConcatDataset, datasets: []}             | data.train.datasets     | at least one
          data.train={type: ConcatDataset, datasets: [{type: FakeData}, {type: FakeData, pipeline: [{type: Normalize, mean: [1], std: [1]}]}]} | data.train.datasets[1].pipeline | one pipeline
          """)
  @DisplayName("Z07 Z16 C01 what is wrong is named with its key, before data is touched")
  void wrong(String override, String key, String hint) {
    assertThatThrownBy(() -> read(override))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @CsvSource({
    "'{type: SequentialSampler}', 13",
    "'{type: DistributedSampler, num_replicas: 4, rank: 1}', 4",
    "'{type: RepeatAugSampler, selected_round: 50, num_replicas: 2}', 7",
    "'{type: InfiniteSampler}', 13",
    "'{type: ClassAwareSampler, num_sample_class: 2}', 13",
    "'{type: ShardSampler, piece: 10, window: 30}', 13"
  })
  @DisplayName("Z07 the sampler decides how long an epoch is, and a plan knows it without data")
  void lengths(String sampler, int iterations) {
    Experiment experiment =
        read("data.train.sampler=" + sampler, "data.train_dataloader.drop_last=false");

    assertThat(experiment.plan().lines().get(0))
        .contains(", " + iterations + " training iterations in all");
  }

  @Test
  @DisplayName("Z15 wrapped data sets know their size without being opened")
  void outlines() {
    assertThat(outline(Map.of("type", "RepeatDataset", "times", 3, "dataset", FAKE)))
        .isEqualTo(new DatasetOutline(60, new ImageShape(4, 5, 3), 3));
    assertThat(outline(Map.of("type", "ConcatDataset", "datasets", List.of(FAKE, FAKE))).size())
        .isEqualTo(40);
    assertThat(
            outline(Map.of("type", "Subset", "range", List.of(2, 12, 3), "dataset", FAKE)).size())
        .isEqualTo(4);
    assertThat(
            outline(Map.of("type", "KFoldDataset", "fold", 1, "num_splits", 3, "dataset", FAKE))
                .size())
        .isEqualTo(13);
    assertThat(
            spec(Map.of("type", "ClassBalancedDataset", "oversample_thr", 0.1, "dataset", FAKE))
                .outline())
        .isEmpty();
  }

  @Test
  @DisplayName("Z14 wrappers nest, and open what their outline says")
  void nested() {
    Map<String, Object> inner =
        Map.of(
            "type", "KFoldDataset", "num_splits", 4, "test_mode", true, "seed", 1, "dataset", FAKE);
    Map<String, Object> outer = Map.of("type", "RepeatDataset", "times", 2, "dataset", inner);

    LabelledImages images = spec(outer).open();

    assertThat(images.size()).isEqualTo(10).isEqualTo(outline(outer).size());
    assertThat(images.label(7)).isEqualTo(images.label(2));
  }

  @Test
  @DisplayName("Z14 an index beyond the data set is an error of the config")
  void beyond() {
    assertThatThrownBy(
            () -> spec(Map.of("type", "Subset", "indices", List.of(3, 20), "dataset", FAKE)).open())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("index 1 of the list is 20; the data set has the samples 0 to 19");
  }

  @Test
  @DisplayName("Z12 folders, lists and tar files are named as in MMClassification")
  void files() throws IOException {
    Files.createDirectories(folder.resolve("d/cat"));
    Files.createDirectories(folder.resolve("d/dog"));
    Files.writeString(folder.resolve("d/cat/1.jpg"), "1");
    Files.writeString(folder.resolve("d/dog/1.jpg"), "1");
    Files.writeString(folder.resolve("names.txt"), "dog\ncat\n");
    Files.writeString(folder.resolve("list.txt"), "cat/1.jpg 1\n");
    String root = folder.resolve("d").toString();
    String names = folder.resolve("names.txt").toString();

    for (String type : List.of("ImageFolder", "CustomDataset", "ImageNet")) {
      assertThat(spec(Map.of("type", type, "data_prefix", root)).open().classes())
          .containsExactly("cat", "dog");
    }
    assertThat(
            spec(Map.of("type", "ImageFolder", "data_prefix", root, "classes", names))
                .open()
                .classes())
        .containsExactly("dog", "cat");
    LabelledImages listed =
        spec(Map.of(
                "type",
                "ImageNet",
                "data_prefix",
                root,
                "ann_file",
                folder.resolve("list.txt").toString(),
                "classes",
                List.of("dog", "cat")))
            .open();
    assertThat(listed.size()).isEqualTo(1);
    assertThat(listed.label(0)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "Z16 classes that differ between training and validation are refused with the difference")
  void difference() throws IOException {
    for (String file : List.of("train", "t10k")) {
      byte[] images =
          ByteBuffer.allocate(16 + 784).putInt(0x803).putInt(1).putInt(28).putInt(28).array();
      Files.write(folder.resolve(file + "-images-idx3-ubyte"), images);
      byte[] labels = ByteBuffer.allocate(9).putInt(0x801).putInt(1).array();
      Files.write(folder.resolve(file + "-labels-idx1-ubyte"), labels);
    }
    String other = "data.val={_delete_: true, type: MNIST, data_prefix: '" + folder + "'}";

    assertThatThrownBy(() -> read(other).run(folder.resolve("run"), "c.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "data.val", "its classes are not those of data.train", "it lacks ", "9 - nine more");
    assertThatThrownBy(
            () -> read("data.val={type: FakeData, image_size: [1, 28, 28], num_classes: 9}").plan())
        .hasMessageContaining("data.train: there are 9 instead of 10");
    // Where nothing but numbers is known, as in a plan, their count is all there is to compare.
    read("data.val={type: FakeData, image_size: [1, 28, 28]}").plan();
  }

  @Test
  @DisplayName("Z16 the difference is told by name or by place")
  void differences() {
    assertThat(ClassDifference.between(List.of("a", "b"), List.of("a", "b"))).isEmpty();
    assertThat(ClassDifference.between(List.of("a", "b", "c"), List.of("a", "d")))
        .hasValue("it lacks b, c, it has d more");
    assertThat(ClassDifference.between(List.of("a", "b", "c"), List.of("a", "c", "b")))
        .hasValue("the same names in another order, class 1 is c instead of b");
    assertThat(ClassDifference.between(List.of("a", "b"), List.of("0", "1"))).isEmpty();
  }

  @Test
  @DisplayName("Z14 the pipeline may stand with the wrapped data set")
  void pipeline() {
    Experiment experiment =
        read(
            "data.train={_delete_: true, type: RepeatDataset, times: 2, dataset: {type: Glyphs,"
                + " size: 40, pipeline: [{type: Normalize, mean: [28], std: [52]}]}}");

    assertThat(experiment.run(folder.resolve("run"), "c.yaml").progress().iter()).isEqualTo(10);
  }

  @Test
  @DisplayName("Z12 Z16 image files train from folders, and are validated by a list with numbers")
  void folders() throws IOException {
    for (int i = 0; i < 24; i++) {
      Path file = folder.resolve((i % 2 == 0 ? "d/dark/" : "d/light/") + i + ".png");
      Files.createDirectories(file.getParent());
      BufferedImage image = new BufferedImage(30 + i, 40 - i, BufferedImage.TYPE_INT_RGB);
      image.getGraphics().setColor(i % 2 == 0 ? Color.BLACK : Color.WHITE);
      image.getGraphics().fillRect(0, 0, 60, 60);
      Files.write(file, ImageFiles.png(image));
    }
    Files.writeString(folder.resolve("val.txt"), "dark/0.png 0\nlight/1.png 1\n");
    String root = "data_prefix: '" + folder.resolve("d") + "'";
    String pipeline =
        "pipeline: [{type: LoadImageFromFile}, {type: Resize, size: 28}, {type: CenterCrop, crop_size: 28}]";
    Experiment experiment =
        read(
            "model.num_classes=2",
            "data.train={_delete_: true, type: ImageFolder, "
                + root
                + ", "
                + pipeline
                + ", sampler: {type: ClassBalancedSampler}}",
            "data.val={_delete_: true, type: ImageNet, ann_file: '"
                + folder.resolve("val.txt")
                + "', "
                + root
                + ", "
                + pipeline
                + "}",
            "evaluation.metric_options.topk=[1]");

    assertThat(experiment.plan().lines().get(0)).contains(", 3 training iterations in all");
    assertThat(experiment.run(folder.resolve("run"), "c.yaml").metrics())
        .containsKey("accuracy_top-1");
  }

  @ParameterizedTest
  @CsvSource({"cifar10_resnet18, 30", "cifar10_speed, 24"})
  @DisplayName("Z09 Z15 CIFAR-10's recipes are configs that fit, and are planned without data read")
  void recipe(String name, int epochs) throws IOException {
    Path data = folder.resolve("cifar-10-batches-bin");
    Files.createDirectories(data);
    for (String file :
        List.of(
            "data_batch_1",
            "data_batch_2",
            "data_batch_3",
            "data_batch_4",
            "data_batch_5",
            "test_batch")) {
      Files.write(data.resolve(file + ".bin"), new byte[2 * 3073]);
    }
    Config config =
        Config.load(Path.of("../examples/configs/" + name + ".yaml"))
            .with(
                List.of(
                    "data.train.data_prefix=" + folder,
                    "data.val.data_prefix=" + folder,
                    "data.samples_per_gpu=5",
                    "device=cpu"));

    assertThat(Experiment.read(config, Components.shipped()).plan().lines().get(0))
        .contains(epochs + " epochs, " + 2 * epochs + " training iterations in all");
  }

  @Test
  @DisplayName("F21 the recipe for a GPU trains with all its steps done on the device")
  void recipeOnTheDevice() {
    String crop = "{type: RandomCrop, size: 32, padding: 4, padding_mode: reflect}";
    String noise =
        "{_delete_: true, type: FakeData, size: 8, image_size: [3, 32, 32], cache: device";
    Config config =
        Config.load(Path.of("../examples/configs/cifar10_speed.yaml"))
            .with(
                List.of(
                    "data.train="
                        + noise
                        + ", pipeline: ["
                        + crop
                        + ", {type: RandomFlip}, {type: Cutout, shape: 8}]}",
                    "data.val=" + noise + "}",
                    "data.samples_per_gpu=4",
                    "data.val_dataloader.samples_per_gpu=8",
                    "runner.max_epochs=1",
                    "device=cpu"));

    assertThat(Experiment.read(config, Components.shipped()).run(folder, "speed.yaml").metrics())
        .containsKey("accuracy_top-1");
  }

  private static DatasetSpec spec(Map<String, Object> config) {
    return Components.shipped().datasets().build(config, Map.of());
  }

  private static DatasetOutline outline(Map<String, Object> config) {
    return spec(config).outline().orElseThrow();
  }

  private static Experiment read(String... overrides) {
    Config config = Config.parse(SmallConfig.EPOCHS, "c.yaml").with(List.of(overrides));
    return Experiment.read(config, Components.shipped());
  }
}
