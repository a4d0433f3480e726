package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.djlrunner.djl.data.sampler.RepeatAugSampler;
import org.djlrunner.djl.data.transform.CenterCrop;
import org.djlrunner.djl.data.transform.ColorJitter;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Padding;
import org.djlrunner.djl.data.transform.PaddingMode;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.RandomCrop;
import org.djlrunner.djl.data.transform.RandomFlip;
import org.djlrunner.djl.data.transform.RandomResizedCrop;
import org.djlrunner.djl.data.transform.Resize;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of images that went through a pipeline. */
class PreparedImagesTest {
  private static final Pipeline VARIED =
      pipeline(
          RandomResizedCrop.of(8),
          new RandomFlip(0.5, Direction.HORIZONTAL),
          new ColorJitter(0.4, 0.4, 0.4));
  private static final Pipeline TINY = pipeline(new Resize(new Extent(1, 1), Interpolation.AREA));

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  @DisplayName("F10 the same seed gives the same batches for any number of workers")
  void workersMakeNoDifference(int workers) {
    PreparedImages images = PreparedImages.of(new EncodedSamples(23), VARIED, 5);
    BatchMix mix =
        new BatchMix(3, List.of(new BatchMix.Mixup(0.5, 0.5), new BatchMix.CutMix(1, 0.5)));
    for (PreparedImages prepared : List.of(images, images.mixedBy(mix))) {
      assertThat(read(prepared, shuffled(workers), 1)).isEqualTo(read(prepared, shuffled(0), 1));
    }
  }

  @Test
  @DisplayName("F10 a sample that comes twice in a pass is varied twice")
  void repeated() {
    PreparedImages images = PreparedImages.of(new EncodedSamples(6), VARIED, 5);
    LoaderOptions twice =
        new LoaderOptions(2, true, false, 2, 2, 3)
            .sampledBy(
                data ->
                    new RepeatAugSampler(data.size(), false, data.seed(), data.replica(), 2, 0, 0));
    List<Long> varied = new ArrayList<>();
    for (Content pair : read(images, twice, 0)) {
      int half = pair.pixels().size() / 2;
      if (!pair.pixels().subList(0, half).equals(pair.pixels().subList(half, 2 * half))) {
        varied.add(pair.indices().get(0));
      }
      assertThat(pair.indices().get(1)).isEqualTo(pair.indices().get(0));
    }
    // Sample 0 is all black, whatever is done to it.
    assertThat(varied).containsExactly(1L, 2L);
  }

  @Test
  @DisplayName("F10 each pass and each seed varies images anew, and a pass may begin later")
  void passesDiffer() {
    PreparedImages images = PreparedImages.of(new EncodedSamples(12), VARIED, 5);
    LoaderOptions inOrder = new LoaderOptions(4, false, false, 2, 2, 5);
    List<Content> first = read(images, inOrder, 0);
    assertThat(read(images, inOrder, 1)).isNotEqualTo(first);
    assertThat(read(PreparedImages.of(new EncodedSamples(12), VARIED, 6), inOrder, 0))
        .isNotEqualTo(first);
    try (ImageLoader loader = new ImageLoader(images, inOrder, manager);
        DataPass<ImageBatch> pass = loader.open(0, 2);
        ImageBatch last = pass.next()) {
      assertThat(Content.of(last)).isEqualTo(first.get(2));
    }
  }

  @Test
  @DisplayName("F10 pixels in memory go through pipelines, too")
  void fixedImages() {
    Pipeline shifted =
        pipeline(
            new RandomCrop(
                new Extent(2, 3),
                new Padding(4, 4, 4, 4),
                false,
                FillValue.of(0),
                PaddingMode.EDGE));
    PreparedImages images = PreparedImages.of(new NumberedImages(10), shifted, 0);
    assertThat(images.shape()).isEqualTo(new ImageShape(2, 3, 1));
    List<Content> batches = read(images, new LoaderOptions(4, false, false, 1, 2, 0), 0);
    assertThat(batches).hasSize(3);
    // An image of one value, padded by itself, is the same wherever it is cropped.
    assertThat(batches.get(1).pixels()).startsWith(4, 4, 4, 4, 4, 4, 5, 5).hasSize(24);
  }

  @Test
  @DisplayName("F11 a pipeline gives images one size, known before any is read")
  void sizeIsKnownBefore() {
    EncodedSamples unread = new EncodedSamples(3).with(0).with(1).with(2);
    assertThat(PreparedImages.of(unread, VARIED, 0).shape()).isEqualTo(new ImageShape(8, 8, 3));
    assertThatThrownBy(() -> PreparedImages.of(unread, Pipeline.NONE, 0).shape())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("many sizes")
        .hasMessageContaining("RandomResizedCrop, CenterCrop");
    PreparedImages tooLarge =
        PreparedImages.of(new NumberedImages(3), pipeline(new CenterCrop(new Extent(9, 9))), 0);
    assertThatThrownBy(tooLarge::shape).hasMessageContaining("2x3, smaller than CenterCrop's 9x9");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @DisplayName("F12 a file that can't be read fails its batch, with its name and the reason")
  void brokenFilesFail(int workers) {
    EncodedSamples files = new EncodedSamples(12).with(5, (byte) 'G', (byte) 'I').with(9);
    PreparedImages images = PreparedImages.of(files, TINY, 0);
    try (ImageLoader loader =
            new ImageLoader(images, new LoaderOptions(4, false, false, workers, 2, 0), manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      pass.next().close();
      assertThatThrownBy(pass::next)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("folder/5.jpg: no image that can be decoded");
      assertThatThrownBy(pass::next)
          .isInstanceOf(DataException.class)
          .hasMessage("folder/9.jpg: there is no such file");
    }
  }

  @Test
  @DisplayName("F12 whatever fails in a pipeline, the file is named; a loader that ends skips none")
  void failingTransforms() {
    EncodedSamples files = new EncodedSamples(3);
    ImageTransform broken =
        (picture, random) -> {
          throw new IllegalArgumentException("no idea");
        };
    LoaderOptions options = new LoaderOptions(1, false, false, 1, 2, 0);
    Pipeline pipeline = pipeline(new Resize(new Extent(1, 1), Interpolation.AREA), broken);
    assertThatThrownBy(
            () -> read(PreparedImages.of(files, pipeline, 0).on(OnError.SKIP), options, 0))
        .hasStackTraceContaining(
            "the pipeline failed on folder/0.jpg: java.lang.IllegalArgumentException: no idea");

    ImageTransform interrupted =
        (picture, random) -> {
          Thread.currentThread().interrupt();
          throw new DataException("interrupted");
        };
    LoaderOptions ownThread = new LoaderOptions(1, false, false, 0, 2, 0);
    Pipeline ended = pipeline(new Resize(new Extent(1, 1), Interpolation.AREA), interrupted);
    assertThatThrownBy(
            () -> read(PreparedImages.of(files, ended, 0).on(OnError.SKIP), ownThread, 0))
        .hasMessage("folder/0.jpg: interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @DisplayName("F06 to_rgb is about files: pixels that are red-green-blue already stay so")
  void channelOrder() {
    Normalize blueFirst = new Normalize(List.of(1., 2., 3.), List.of(1., 1., 1.), false);
    Pipeline swapping =
        Pipeline.of(List.of(new Resize(new Extent(1, 1), Interpolation.AREA), blueFirst));
    LoaderOptions inOrder = new LoaderOptions(2, false, false, 0, 2, 0);
    List<Integer> files = pixels(new EncodedSamples(20), swapping, inOrder);
    List<Integer> straight = pixels(new EncodedSamples(20), TINY, inOrder);
    assertThat(files).isNotEqualTo(straight);
    assertThat(files.get(3)).isEqualTo(straight.get(5));

    ImageDataset cifar = new SyntheticImages(4, new ImageShape(2, 2, 3), 10, 7);
    assertThat(pixels(cifar, swapping, inOrder)).isEqualTo(pixels(cifar, TINY, inOrder));
  }

  private List<Integer> pixels(LabelledImages images, Pipeline pipeline, LoaderOptions options) {
    return read(PreparedImages.of(images, pipeline, 0), options, 0).get(0).pixels();
  }

  @Test
  @DisplayName("F13 skip takes the next sample that can be read in place of one that can't")
  void brokenFilesAreSkipped() {
    EncodedSamples files = new EncodedSamples(6).with(1, (byte) 1).with(2, (byte) 2).with(5);
    PreparedImages images = PreparedImages.of(files, TINY, 0).on(OnError.SKIP);
    List<Content> batches = read(images, new LoaderOptions(6, false, false, 2, 2, 0), 0);
    assertThat(batches.get(0).indices()).containsExactly(0L, 3L, 3L, 3L, 4L, 0L);
    assertThat(batches.get(0).labels()).containsExactly(0f, 0f, 0f, 0f, 1f, 0f);
    assertThat(batches.get(0).pixels()).hasSize(18);
  }

  @Test
  @DisplayName("F13 skip gives up where nothing can be read, and says so")
  void nothingReadable() {
    EncodedSamples files = new EncodedSamples(2).with(0).with(1);
    PreparedImages images = PreparedImages.of(files, TINY, 0).on(OnError.SKIP);
    assertThatThrownBy(() -> read(images, new LoaderOptions(1, false, false, 0, 2, 0), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 samples in a row can't be read")
        .hasMessageContaining("folder/0.jpg: there is no such file");
  }

  @Test
  @DisplayName("F14 mixup blends pixels and labels by the same share")
  void mixup() {
    PreparedImages images =
        PreparedImages.of(new NumberedImages(200, new ImageShape(1, 1, 1)), Pipeline.NONE, 0)
            .mixedBy(new BatchMix(10, List.of(new BatchMix.Mixup(1, 1))));
    Content batch = read(images, new LoaderOptions(200, false, false, 0, 2, 0), 0).get(0);
    boolean blended = false;
    for (int i = 0; i < 200; i++) {
      List<Float> label = batch.labels().subList(i * 10, i * 10 + 10);
      assertThat(label.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within());
      float own = label.get(i % 10);
      for (int other = 0; other < 200 && own < 0.999f; other++) {
        // Whoever the partner is, its class tells the pixels it came with.
        double pixel = own * i + (1 - own) * other;
        if (Math.abs(pixel - batch.pixels().get(i)) < 0.51 && label.get(other % 10) > 0) {
          blended = true;
        }
      }
      assertThat(own).isPositive();
    }
    assertThat(blended).isTrue();
  }

  @Test
  @DisplayName("F14 CutMix weighs labels by the pixels that it replaced")
  void cutMix() {
    int side = 12;
    PreparedImages images =
        PreparedImages.of(new NumberedImages(10, new ImageShape(side, side, 1)), Pipeline.NONE, 3)
            .mixedBy(new BatchMix(10, List.of(new BatchMix.CutMix(1, 1))));
    Content batch = read(images, new LoaderOptions(10, false, false, 0, 2, 3), 0).get(0);
    int replaced = 0;
    for (int i = 0; i < 10; i++) {
      double[] share = new double[10];
      for (int pixel : batch.pixels().subList(i * side * side, (i + 1) * side * side)) {
        share[pixel] += 1.0 / (side * side);
        replaced += pixel == i ? 0 : 1;
      }
      for (int c = 0; c < 10; c++) {
        assertThat((double) batch.labels().get(i * 10 + c)).isCloseTo(share[c], within());
      }
    }
    assertThat(replaced).isPositive();
  }

  @Test
  @DisplayName("F14 a batch that is not mixed has its labels as probabilities all the same")
  void unmixed() {
    PreparedImages images =
        PreparedImages.of(new NumberedImages(3), Pipeline.NONE, 0)
            .mixedBy(new BatchMix(10, List.of(new BatchMix.Mixup(1, 0))));
    Content batch = read(images, new LoaderOptions(3, false, false, 0, 2, 0), 0).get(0);
    assertThat(batch.labels()).hasSize(30);
    assertThat(batch.labels().get(0)).isEqualTo(1);
    assertThat(batch.labels().get(11)).isEqualTo(1);
    assertThat(batch.pixels()).startsWith(0, 0, 0, 0, 0, 0, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, alpha", "1, 1.5, prob", "-1, 1, alpha"})
  @DisplayName("F14 impossible mixing is refused")
  void impossibleMixing(double alpha, double probability, String key) {
    assertThatThrownBy(() -> new BatchMix(10, List.of(new BatchMix.CutMix(alpha, probability))))
        .hasMessageContaining(key);
  }

  private static Pipeline pipeline(ImageTransform... transforms) {
    return new Pipeline(true, List.of(transforms), null);
  }

  private static LoaderOptions shuffled(int workers) {
    return new LoaderOptions(5, true, false, workers, 2, 5);
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-5);
  }

  private List<Content> read(PreparedImages images, LoaderOptions options, int pass) {
    List<Content> contents = new ArrayList<>();
    try (ImageLoader loader = new ImageLoader(images, options, manager);
        DataPass<ImageBatch> batches = loader.open(pass)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          contents.add(Content.of(batch));
        }
      }
    }
    return contents;
  }

  /** All that there is to a batch. */
  private record Content(List<Integer> pixels, List<Float> labels, List<Long> indices) {
    static Content of(ImageBatch batch) {
      List<Integer> pixels = new ArrayList<>();
      for (int pixel : batch.pixels().toUint8Array()) {
        pixels.add(pixel);
      }
      List<Float> labels = new ArrayList<>();
      for (float label : batch.labels().head().toType(DataType.FLOAT32, false).toFloatArray()) {
        labels.add(label);
      }
      List<Long> indices = new ArrayList<>();
      for (long index : batch.sampleIndices()) {
        indices.add(index);
      }
      return new Content(pixels, labels, indices);
    }
  }
}
