package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.BatchPreview;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.ImageFiles;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.transform.AutoAugment;
import org.djlrunner.djl.data.transform.CenterCrop;
import org.djlrunner.djl.data.transform.Cutout;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.LoadImageFromFile;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Pad;
import org.djlrunner.djl.data.transform.Padding;
import org.djlrunner.djl.data.transform.PaddingMode;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.data.transform.RandAugment;
import org.djlrunner.djl.data.transform.RandomCrop;
import org.djlrunner.djl.data.transform.RandomErasing;
import org.djlrunner.djl.data.transform.RandomFlip;
import org.djlrunner.djl.data.transform.RandomResizedCrop;
import org.djlrunner.djl.data.transform.Resize;
import org.djlrunner.djl.data.transform.ResizeSide;
import org.djlrunner.djl.data.transform.Rotate;
import org.djlrunner.djl.data.transform.Translate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines in configs. */
class PipelineConfigTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 8
        train:
          type: Glyphs
          size: 32
          pipeline: PIPELINE
      optimizer: {type: SGD, lr: 0.05}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 1}
      device: cpu
      """;

  @TempDir private Path folder;

  @Test
  @DisplayName("F16 transforms have MMClassification's words and defaults")
  void wordsAndDefaults() {
    assertThat(step("{type: RandomResizedCrop, size: 224}")).isEqualTo(RandomResizedCrop.of(224));
    assertThat(
            step(
                "{type: RandomResizedCrop, size: [8, 9], scale: [0.5, 1], ratio: [1, 2], interpolation: bicubic, backend: cv2}"))
        .isEqualTo(
            new RandomResizedCrop(new Extent(8, 9), 0.5, 1, 1, 2, 10, Interpolation.BICUBIC));
    assertThat(step("{type: RandomCrop, size: 32, padding: 4}"))
        .isEqualTo(
            new RandomCrop(
                new Extent(32, 32),
                new Padding(4, 4, 4, 4),
                false,
                FillValue.of(0),
                PaddingMode.CONSTANT));
    assertThat(step("{type: RandomCrop, size: 3, padding: [1, 2], padding_mode: reflect}"))
        .isEqualTo(
            new RandomCrop(
                new Extent(3, 3),
                new Padding(1, 2, 1, 2),
                false,
                FillValue.of(0),
                PaddingMode.REFLECT));
    assertThat(step("{type: RandomFlip}")).isEqualTo(new RandomFlip(0.5, Direction.HORIZONTAL));
    assertThat(step("{type: Resize, size: [256, -1]}"))
        .isEqualTo(new ResizeSide(256, ResizeSide.Side.SHORT, Interpolation.BILINEAR));
    assertThat(step("{type: Resize, size: 32}"))
        .isEqualTo(new Resize(new Extent(32, 32), Interpolation.BILINEAR));
    assertThat(step("{type: CenterCrop, crop_size: 224}"))
        .isEqualTo(new CenterCrop(new Extent(224, 224)));
    assertThat(step("{type: Pad, pad_to_square: true, pad_val: [1, 2, 3]}"))
        .isEqualTo(new Pad(Extent.VARIES, new FillValue(List.of(1, 2, 3)), PaddingMode.CONSTANT));
    assertThat(step("{type: RandomErasing}"))
        .isEqualTo(
            new RandomErasing(0.5, 0.02, 0.4, 0.3, 10.0 / 3, false, FillValue.of(128), List.of()));
    assertThat(step("{type: RandomErasing, mode: rand, aspect_range: 2, fill_std: [1, 2, 3]}"))
        .isEqualTo(
            new RandomErasing(
                0.5, 0.02, 0.4, 0.5, 2, true, FillValue.of(128), List.of(1.0, 2.0, 3.0)));
    assertThat(step("{type: Cutout, shape: 16}"))
        .isEqualTo(new Cutout(16, 16, FillValue.of(128), 0.5));
    assertThat(step("{type: Rotate, angle: 30}"))
        .isEqualTo(new Rotate(30, 1, FillValue.of(128), 0.5, 0.5, Interpolation.NEAREST));
    assertThat(step("{type: Normalize, mean: [1], std: [2], to_rgb: false}"))
        .isEqualTo(new Normalize(List.of(1.0), List.of(2.0), false));
    assertThat(step("{type: LoadImageFromFile}")).isEqualTo(new LoadImageFromFile(true));
    assertThat(step("{type: LoadImageFromFile, file_client_args: {backend: disk}}"))
        .isEqualTo(new LoadImageFromFile(true));
    assertThat(step("{type: Collect, keys: [img, gt_label]}"))
        .isEqualTo(new PipelineStep.Nothing());
    assertThat(step("{type: ImageToTensor, keys: [img]}")).isEqualTo(new PipelineStep.Nothing());
    assertThat(step("{type: ToTensor, keys: [gt_label]}")).isEqualTo(new PipelineStep.Nothing());
  }

  @Test
  @DisplayName("F16 policies are those of a name or of one's own")
  void policies() {
    assertThat(((AutoAugment) step("{type: AutoAugment, policies: imagenet}")).policies())
        .hasSize(25);
    AutoAugment own =
        (AutoAugment)
            step(
                "{type: AutoAugment, policies: [[{type: Invert, prob: 1}, {type: Rotate, angle: 5}], [{type: Equalize}]]}");
    assertThat(own.policies()).extracting(List::size).containsExactly(2, 1);
    RandAugment named =
        (RandAugment)
            step(
                "{type: RandAugment, policies: timm_increasing, num_policies: 2, magnitude_level: 9, magnitude_std: 0.5, hparams: {pad_val: 7}}");
    assertThat(named.policies()).hasSize(15);
    assertThat(named.deviation()).isEqualTo(0.5);
    assertThat(named.totalLevel()).isEqualTo(10);
    RandAugment listed =
        (RandAugment)
            step(
                "{type: RandAugment, num_policies: 1, magnitude_level: 5, total_level: 10, magnitude_std: inf, policies: [{type: Invert}, {type: Posterize, magnitude_key: bits, magnitude_range: [4, 0]}]}");
    assertThat(listed.policies().get(1).range()).isEqualTo(new RandAugment.Range(4, 0));
    assertThat(listed.deviation()).isInfinite();
  }

  @Test
  @DisplayName("F16 hparams are options of all policies that have them and set none themselves")
  void hparams() {
    String hparams = "hparams: {pad_val: [1.9, 2, 3], interpolation: bicubic}";
    RandAugment own =
        (RandAugment)
            step(
                "{type: RandAugment, num_policies: 1, magnitude_level: 5, policies: [{type: Invert}, {type: Rotate, magnitude_key: angle, magnitude_range: [0, 30]}, {type: Translate, magnitude: 0.1, pad_val: 9}], "
                    + hparams
                    + "}");
    assertThat(own.totalLevel()).isEqualTo(30);
    FillValue beyond = new FillValue(List.of(1, 2, 3));
    assertThat(own.policies().get(1).transform())
        .isEqualTo(new Rotate(0, 1, beyond, 0.5, 0.5, Interpolation.BICUBIC));
    assertThat(own.policies().get(2).transform())
        .isEqualTo(
            new Translate(
                0.1, FillValue.of(9), 0.5, Direction.HORIZONTAL, 0.5, Interpolation.BICUBIC));
    AutoAugment named =
        (AutoAugment) step("{type: AutoAugment, policies: imagenet, " + hparams + "}");
    assertThat(named.policies().get(0).get(1))
        .isEqualTo(new Rotate(30, 1, beyond, 0.6, 0.5, Interpolation.BICUBIC));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: RandomFlp}                              | pipeline[0].type | did you mean 'RandomFlip'
          {type: RandomFlip, flip_prob: 2}               | pipeline[0]      | flip_prob must be 0 to 1
          {type: RandomFlip, prob: 0.5}                  | pipeline[0].prob | unknown key 'prob'
          {type: RandomFlip, direction: diagonal}        | pipeline[0].direction | horizontal, vertical
          {type: RandomCrop}                             | pipeline[0].size | missing
          {type: RandomCrop, size: 0}                    | pipeline[0].size | 1 or more
          {type: RandomCrop, size: 4, padding: [1, 2, 3]} | pipeline[0].padding | [left, top, right, bottom]
          {type: RandomCrop, size: 4, padding_mode: wrap} | pipeline[0].padding_mode | constant, edge, reflect
          {type: RandomResizedCrop, size: 8, scale: [1, 0.5]} | pipeline[0] | scale must be two ascending
          {type: RandomResizedCrop, size: 8, efficientnet_style: true} | pipeline[0].efficientnet_style | not supported
          {type: Resize, size: 8, backend: pillow}       | pipeline[0].backend | only cv2
          {type: Resize, size: [8, -2]}                  | pipeline[0].size | 1 or more
          {type: Pad}                                    | pipeline[0].size | pad_to_square
          {type: Cutout, shape: 4, pad_val: 300}         | pipeline[0].pad_val | 0 to 255
          {type: Normalize, mean: [1, 2], std: [1]}      | pipeline[0]      | mean and std
          {type: Lighting, eigval: [1], eigvec: [[1]]}   | pipeline[0].eigvec | three lists
          {type: AutoAugment, policies: imagenet, hparams: {pad_vla: 1}} | hparams.pad_vla | did you mean 'pad_val'
          {type: RandomErasing, mode: rand, fill_std: [1, 2]} | pipeline[0] | fill_std
          {type: AutoAugment, policies: cifar}           | pipeline[0].policies | 'imagenet'
          {type: AutoAugment, policies: [[{type: Invrt}]]} | policies[0][0].type | did you mean 'Invert'
          {type: AutoAugment, policies: [[{type: Collect}]]} | policies[0][0].type | transforms of pixels
          {type: RandAugment, num_policies: 1, magnitude_level: 1, policies: [{type: Rotate, magnitude_key: degrees, magnitude_range: [0, 3]}]} | policies[0].magnitude_key | called angle
          {type: RandAugment, num_policies: 1, magnitude_level: 1, policies: [{type: Rotate, magnitude_key: angle}]} | policies[0].magnitude_range | two numbers
          {type: Posterize, magnitude_key: bits, magnitude_range: [4, 0]} | magnitude_range | unknown key
          {type: LoadImageFromFile, file_client_args: {backend: petrel}} | file_client_args.backend | only 'disk'
          {type: LoadImageFromFile, color_type: grayscale} | color_type | only 'color'
          """)
  @DisplayName("F16 a wrong step is named with its place and what was expected")
  void wrongSteps(String step, String path, String hint) {
    assertThatThrownBy(() -> read("[" + step + "]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(hint);
  }

  @Test
  @DisplayName("F16 all that is wrong in a pipeline is said at once")
  void allAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    "[{type: RandomFlip, flip_prob: 2}, {type: Normalize, mean: [1], std: [1]}, {type: Invert}]"))
        .hasMessageContaining("pipeline[0]")
        .hasMessageContaining("pipeline[2].type: Normalize is done on the device");
  }

  @Test
  @DisplayName("F17 the network gets the size behind the pipeline")
  void sizeBehindThePipeline() {
    BatchPreview batch =
        read("[{type: RandomCrop, size: [24, 20]}, {type: RandomFlip}]").previewBatch();
    assertThat(batch.shape()).isEqualTo(new ImageShape(24, 20, 1));
    assertThat(batch.images()).hasSize(8);
    assertThatThrownBy(() -> read("[{type: CenterCrop, crop_size: 40}]").plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.train.pipeline")
        .hasMessageContaining("28x28, smaller than CenterCrop's 40x40");
  }

  @Test
  @DisplayName("F17 image files of many sizes need a pipeline that ends with one")
  void filesNeedASize() {
    Components components = Components.shipped();
    components.datasets().register("Files", config -> Files::new);
    String config = CONFIG.replace("type: Glyphs", "type: Files").replace("size: 32", "");
    assertThatThrownBy(
            () ->
                Experiment.read(
                        Config.parse(
                            config.replace("PIPELINE", "[{type: LoadImageFromFile}]"), "a.yaml"),
                        components)
                    .plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.train.pipeline")
        .hasMessageContaining("many sizes");
    BatchPreview batch =
        Experiment.read(
                Config.parse(
                    config.replace(
                        "PIPELINE", "[{type: LoadImageFromFile}, {type: Resize, size: 6}]"),
                    "a.yaml"),
                components)
            .previewBatch();
    assertThat(batch.shape()).isEqualTo(new ImageShape(6, 6, 3));
    assertThat(batch.captions()).contains("red", "blue");
  }

  @Test
  @DisplayName("F18 a run mixes its batches and takes the loss of probabilities")
  void mixing() {
    String augments =
        "train_cfg: {augments: [{type: BatchMixup, alpha: 0.8, prob: 0.5}, {type: BatchCutMix, alpha: 1, prob: 0.5}]}\n";
    String config =
        CONFIG.replace("PIPELINE", "[{type: RandomCrop, size: 28, padding: 2}]") + augments;
    Experiment experiment = Experiment.read(Config.parse(config, "a.yaml"));
    assertThat(experiment.previewBatch().captions()).anyMatch(c -> c.contains("%"));
    RunResult result = experiment.run(folder.resolve("run"), "a.yaml");
    assertThat(result.progress().iter()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {augments: {type: BatchMixup, alpha: 0}}                  | alpha | above 0
          {augments: {type: BatchMixup}}                            | alpha | missing
          {augments: {type: Mixupp, alpha: 1}}                      | augments.type | did you mean 'Mixup'
          {augments: [{type: Mixup, alpha: 1}, {type: CutMix, alpha: 1}]} | train_cfg.augments | 1 in sum
          {augments: {type: Mixup, alpha: 1, num_classes: 7}}       | num_classes | the model has num_classes 10
          {augmets: []}                                             | augmets | augments
          """)
  @DisplayName("F18 wrong mixing is named with its place")
  void wrongMixing(String section, String path, String hint) {
    String config = CONFIG.replace("PIPELINE", "[]") + "train_cfg: " + section + "\n";
    assertThatThrownBy(() -> Experiment.read(Config.parse(config, "a.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(hint);
  }

  private static PipelineStep step(String flow) {
    Object step = Config.parse("step: " + flow, "step.yaml").toMap().get("step");
    Map<String, Object> entries = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(step))
        .forEach((key, value) -> entries.put(String.valueOf(key), Objects.requireNonNull(value)));
    return Components.shipped().transforms().build(entries, Map.of());
  }

  private static Experiment read(String pipeline) {
    return Experiment.read(Config.parse(CONFIG.replace("PIPELINE", pipeline), "a.yaml"));
  }

  /** Eight image files of several sizes. */
  private record Files() implements EncodedImages {
    @Override
    public long size() {
      return 8;
    }

    @Override
    public List<String> classes() {
      return List.of("red", "blue");
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public byte[] encoded(int index) {
      return ImageFiles.png(ImageFiles.plain(5 + index, 9, index % 2 == 0 ? 0xFF0000 : 0x0000FF));
    }
  }
}
