package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.djl.data.sampler.RepeatAugSampler;
import org.djlrunner.djl.data.transform.CenterCrop;
import org.djlrunner.djl.data.transform.ColorJitter;
import org.djlrunner.djl.data.transform.Cutout;
import org.djlrunner.djl.data.transform.Direction;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.ImageTransform;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.Normalize;
import org.djlrunner.djl.data.transform.Pad;
import org.djlrunner.djl.data.transform.Padding;
import org.djlrunner.djl.data.transform.PaddingMode;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.PipelineStep;
import org.djlrunner.djl.data.transform.RandomCrop;
import org.djlrunner.djl.data.transform.RandomErasing;
import org.djlrunner.djl.data.transform.RandomFlip;
import org.djlrunner.djl.data.transform.Resize;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What images that lie on the device go through in each pass. */
@AlsoOnGpu
@DisplayName("F21 images kept on the device vary from pass to pass")
class DeviceAugmentationTest {
  private static final FillValue COLORS = new FillValue(List.of(1, 120, 250));
  private static final Padding FOUR = new Padding(4, 4, 4, 4);
  private static final ImageTransform FLIP = new RandomFlip(0.5, Direction.HORIZONTAL);
  private static final ImageTransform CUTOUT = new Cutout(9, 12, FillValue.of(128), 0.7);
  private static final ImageShape CIFAR = new ImageShape(32, 32, 3);

  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  static Stream<Arguments> pipelines() {
    ImageTransform erasing = erasing(false);
    return Map.<String, List<? extends PipelineStep>>ofEntries(
            Map.entry("black", List.of(crop(PaddingMode.CONSTANT), FLIP, CUTOUT)),
            Map.entry("mirrored", List.of(crop(PaddingMode.REFLECT), FLIP, CUTOUT)),
            Map.entry("edge", List.of(FLIP, crop(PaddingMode.EDGE))),
            Map.entry("rectangle first", List.of(CUTOUT, FLIP, crop(PaddingMode.SYMMETRIC))),
            Map.entry("rectangle first, padded", List.of(CUTOUT, crop(PaddingMode.CONSTANT), FLIP)),
            Map.entry(
                "rectangles on rectangles",
                List.of(
                    crop(PaddingMode.CONSTANT),
                    erasing,
                    CUTOUT,
                    new RandomFlip(0.5, Direction.VERTICAL),
                    crop(PaddingMode.REFLECT),
                    erasing)),
            Map.entry(
                "padded twice",
                List.of(
                    crop(PaddingMode.CONSTANT),
                    new RandomCrop(
                        new Extent(40, 36),
                        new Padding(1, 2, 3, 4),
                        true,
                        FillValue.of(77),
                        PaddingMode.CONSTANT))),
            Map.entry(
                "between what is not random",
                List.of(
                    new Resize(new Extent(20, 28), Interpolation.BILINEAR),
                    FLIP,
                    new Pad(new Extent(33, 30), COLORS, PaddingMode.CONSTANT),
                    new CenterCrop(new Extent(25, 21)))))
        .entrySet()
        .stream()
        .map(
            pipeline ->
                Arguments.of(pipeline.getKey(), Pipeline.of(List.copyOf(pipeline.getValue()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pipelines")
  @DisplayName("F21 batches are, bit for bit, those without a cache, in each pass, for any workers")
  void sameBatches(String name, Pipeline pipeline) {
    assertSameBatches(PreparedImages.of(new SyntheticImages(50, CIFAR, 10, 7), pipeline, 11));
  }

  @Test
  @DisplayName("F21 files can be decoded once, and blue come first")
  void blueFirst() {
    Resize resize = new Resize(new Extent(32, 32), Interpolation.BILINEAR);
    Normalize swapping = new Normalize(List.of(1., 2., 3.), List.of(4., 5., 6.), false);
    Pipeline pipeline =
        Pipeline.of(List.of(resize, crop(PaddingMode.CONSTANT), erasing(false), swapping));
    assertSameBatches(PreparedImages.of(new EncodedSamples(50), pipeline, 11));
  }

  private void assertSameBatches(PreparedImages images) {
    for (int workers : new int[] {0, 2}) {
      LoaderOptions options = new LoaderOptions(8, true, false, workers, 2, 3);
      try (ImageLoader plain = new ImageLoader(images, options, manager);
          ImageLoader cached = new ImageLoader(images, options.cached(true), manager)) {
        assertThat(cached.shape()).isEqualTo(plain.shape());
        for (int pass = 0; pass < 3; pass++) {
          assertThat(LoadedPasses.read(cached, pass, pass))
              .isEqualTo(LoadedPasses.read(plain, pass, pass))
              .hasSize(7 - pass);
        }
        assertThat(LoadedPasses.read(cached, 1, 0)).isNotEqualTo(LoadedPasses.read(cached, 2, 0));
      }
    }
  }

  @Test
  @DisplayName("F21 samples that come again in a pass vary as they do without a cache")
  void repeated() {
    Pipeline pipeline = Pipeline.of(List.of(crop(PaddingMode.CONSTANT), FLIP, CUTOUT));
    PreparedImages images = PreparedImages.of(new SyntheticImages(6, CIFAR, 10, 7), pipeline, 11);
    LoaderOptions options =
        new LoaderOptions(2, true, false, 2, 2, 3)
            .sampledBy(
                data ->
                    new RepeatAugSampler(data.size(), false, data.seed(), data.replica(), 2, 0, 0));
    try (ImageLoader plain = new ImageLoader(images, options, manager);
        ImageLoader cached = new ImageLoader(images, options.cached(true), manager)) {
      assertThat(LoadedPasses.read(cached, 1, 0)).isEqualTo(LoadedPasses.read(plain, 1, 0));
    }
  }

  @Test
  @DisplayName("F21 grey images too, which are as wide as they are")
  void greyImages() {
    PreparedImages images =
        PreparedImages.of(
            new SyntheticImages(9, new ImageShape(5, 3, 1), 2, 7),
            pipeline(
                FLIP,
                new RandomCrop(
                    new Extent(4, 8), FOUR, false, FillValue.of(9), PaddingMode.CONSTANT)),
            1);
    assertThat(read(images, true)).isEqualTo(read(images, false)).hasSize(3);
  }

  @Test
  @DisplayName("F21 F13 files are decoded once, and what stands for a broken one varies as without")
  void files() {
    EncodedSamples files = new EncodedSamples(6).with(1, (byte) 1).with(5);
    PreparedImages images =
        PreparedImages.of(
                files,
                pipeline(
                    new Resize(new Extent(12, 12), Interpolation.BILINEAR),
                    new RandomCrop(new Extent(12, 12), FOUR, false, COLORS, PaddingMode.CONSTANT)),
                1)
            .on(OnError.SKIP);
    assertThat(read(images, true)).isEqualTo(read(images, false)).hasSize(2);
  }

  @Test
  @DisplayName("F21 live arrays are constant over batches and all freed at the end")
  void liveArrays() {
    PreparedImages images =
        PreparedImages.of(
            new SyntheticImages(40, CIFAR, 10, 7), pipeline(crop(PaddingMode.REFLECT), FLIP), 1);
    LoaderOptions options = new LoaderOptions(4, true, false, 2, 2, 0).cached(true);
    try (ImageLoader cached = new ImageLoader(images, options, manager)) {
      int atRest = LiveCount.below(manager);
      try (DataPass<ImageBatch> batches = cached.open(0)) {
        int inPass = LiveCount.below(manager);
        for (int i = 0; i < 10; i++) {
          batches.next().close();
          assertThat(LiveCount.below(manager)).isEqualTo(inPass);
        }
      }
      assertThat(LiveCount.below(manager)).isEqualTo(atRest);
    }
    assertThat(manager.getManagedArrays()).isEmpty();
  }

  @Test
  @DisplayName("F15 what the device can't do in each pass is refused, with what it can")
  void refused() {
    ImageTransform resize = new Resize(new Extent(32, 32), Interpolation.BILINEAR);
    String works =
        "in each pass the device does RandomCrop, RandomFlip, Cutout, RandomErasing with mode:"
            + " const, CenterCrop and Pad, but not ";
    assertRefused(works + "ColorJitter; leave it out, or cache", FLIP, new ColorJitter(1, 1, 1));
    assertRefused(works + "RandomErasing with mode: rand; leave it out", erasing(true));
    assertRefused(works + "Resize behind RandomFlip; put it before RandomFlip", FLIP, resize);
    assertRefused(
        "at most 8 steps in each pass, but from RandomFlip on there are 9",
        Stream.generate(() -> FLIP).limit(9).toArray(ImageTransform[]::new));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("F15 neither mixed images nor files of many sizes are kept on the device")
  void neitherMixedNorOfManySizes(boolean mixed) {
    PreparedImages files =
        PreparedImages.of(
            new EncodedSamples(3),
            pipeline(
                new RandomCrop(
                    new Extent(9, 9), Padding.NONE, false, COLORS, PaddingMode.CONSTANT)),
            0);
    BatchMix mix = new BatchMix(3, List.of(new BatchMix.Mixup(1, 1)));
    PreparedImages images = mixed ? files.mixedBy(mix) : files;
    LoaderOptions cached = LoaderOptions.evaluation(2).cached(true);
    assertThatThrownBy(() -> new ImageLoader(images, cached, manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            mixed
                ? "can't be mixed with each other there; leave out the mixing, or cache"
                : "need one size before RandomCrop; put Resize with two sides or CenterCrop before");
  }

  private void assertRefused(String reason, ImageTransform... transforms) {
    PreparedImages images =
        PreparedImages.of(new SyntheticImages(9, CIFAR, 10, 7), pipeline(transforms), 0);
    LoaderOptions cached = LoaderOptions.evaluation(2).cached(true);
    assertThatThrownBy(() -> new ImageLoader(images, cached, manager))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageEndingWith("batches are then loaded ahead of the step");
    assertThat(LiveCount.below(manager)).isZero();
  }

  private List<LoadedPasses.Content> read(PreparedImages images, boolean cached) {
    LoaderOptions options = new LoaderOptions(4, true, false, 2, 2, 3).cached(cached);
    try (ImageLoader loader = new ImageLoader(images, options, manager)) {
      return LoadedPasses.read(loader, 1, 0);
    }
  }

  private static ImageTransform crop(PaddingMode mode) {
    return new RandomCrop(new Extent(32, 32), FOUR, false, COLORS, mode);
  }

  private static ImageTransform erasing(boolean noise) {
    return new RandomErasing(0.8, 0.02, 0.4, 0.3, 3.3, noise, COLORS, List.of());
  }

  private static Pipeline pipeline(ImageTransform... transforms) {
    return new Pipeline(true, List.of(transforms), null);
  }
}
