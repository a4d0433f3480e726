package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.djlrunner.djl.data.cifar.Cifar;
import org.djlrunner.djl.data.cifar.CifarKind;
import org.djlrunner.djl.data.folder.ClassFolders;
import org.djlrunner.djl.data.folder.ImageExtensions;
import org.djlrunner.djl.data.folder.ListedImages;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.RandomResizedCrop;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Published data sets, where a system property names their folder. */
class RealDataTest {
  @Test
  @DisplayName("Z17 CIFAR-10 has its counts, classes and mean pixels (-Dcifar10.folder)")
  void cifar10() {
    Path folder = folder("cifar10.folder");
    Cifar train = new Cifar(CifarKind.CIFAR10, folder, false);
    Cifar test = new Cifar(CifarKind.CIFAR10, folder, true);

    assertThat(histogram(train)).containsExactlyElementsOf(Collections.nCopies(10, 5000));
    assertThat(histogram(test)).containsExactlyElementsOf(Collections.nCopies(10, 1000));
    double[] means = means(train);
    assertThat(means[0]).isCloseTo(125.31, within(0.005));
    assertThat(means[1]).isCloseTo(122.95, within(0.005));
    assertThat(means[2]).isCloseTo(113.87, within(0.005));
  }

  @Test
  @DisplayName("Z17 Fashion-MNIST has its counts, classes and mean pixel (-Dfashion.mnist)")
  void fashionMnist() {
    Path folder = folder("fashion.mnist");
    FashionMnist train = new FashionMnist(folder, false);

    assertThat(histogram(train)).containsExactlyElementsOf(Collections.nCopies(10, 6000));
    assertThat(histogram(new FashionMnist(folder, true)))
        .containsExactlyElementsOf(Collections.nCopies(10, 1000));
    assertThat(means(train)[0]).isCloseTo(72.940, within(0.0005));
  }

  @Test
  @DisplayName("Z17 the clothing photos have their counts and classes (-Dphotos.folder)")
  void photos() throws IOException {
    Path folder = folder("photos.folder");
    ListedImages train =
        ClassFolders.open(folder.resolve("train"), List.of(), ImageExtensions.DEFAULT);
    ListedImages test =
        ClassFolders.open(folder.resolve("test"), List.of(), ImageExtensions.DEFAULT);

    assertThat(train.classes())
        .containsExactly(
            "dress",
            "hat",
            "longsleeve",
            "outwear",
            "pants",
            "shirt",
            "shoes",
            "shorts",
            "skirt",
            "t-shirt")
        .isEqualTo(test.classes());
    assertThat(histogram(train)).containsExactlyElementsOf(Collections.nCopies(10, 60));
    assertThat(histogram(test)).containsExactly(15, 12, 20, 20, 20, 20, 20, 20, 12, 20);
    List<Long> visited = new ArrayList<>();
    PreparedImages crops =
        PreparedImages.of(train, Pipeline.of(List.of(RandomResizedCrop.of(64))), 0);
    LoaderOptions options = new LoaderOptions(64, false, false, 2, 2, 0);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        ImageLoader loader = new ImageLoader(crops, options, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      while (pass.hasNext()) {
        try (ImageBatch batch = pass.next()) {
          LongStream.of(batch.sampleIndices()).forEach(visited::add);
          // Whatever was not decoded would be black.
          double mean = IntStream.of(batch.pixels().toUint8Array()).average().orElseThrow();
          assertThat(mean).isBetween(60., 220.);
        }
      }
    }
    assertThat(visited).isEqualTo(LongStream.range(0, 600).boxed().toList());
  }

  private static Path folder(String property) {
    String folder = System.getProperty(property);
    assumeTrue(folder != null, "the property " + property + " names no folder");
    return Path.of(String.valueOf(folder));
  }

  private static List<Integer> histogram(LabelledImages images) {
    Integer[] counts = new Integer[images.classes().size()];
    Arrays.fill(counts, 0);
    for (int i = 0; i < images.size(); i++) {
      counts[images.label(i)]++;
    }
    return List.of(counts);
  }

  private static double[] means(ImageDataset images) {
    int channels = images.shape().channels();
    long[] sums = new long[channels];
    ByteBuffer pixels = ByteBuffer.allocate(images.shape().bytes());
    for (int i = 0; i < images.size(); i++) {
      images.read(i, pixels.clear());
      for (int p = 0; p < pixels.capacity(); p++) {
        sums[p % channels] += pixels.get(p) & 0xff;
      }
    }
    double count = (double) images.size() * images.shape().bytes() / channels;
    return Arrays.stream(sums).mapToDouble(sum -> sum / count).toArray();
  }
}
