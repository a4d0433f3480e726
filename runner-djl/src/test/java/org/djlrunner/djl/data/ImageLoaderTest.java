package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.sampler.RandomSampler;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which samples a loader gives, in which order, and what happens when a sample fails. */
@DisplayName("D08 D09 image loader")
class ImageLoaderTest {
  private static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7})
  void theNumberOfWorkersChangesNoBatch(int workers) {
    List<List<Integer>> expected = new ArrayList<>();
    int[] order = new RandomSampler(50, 3).order(4);
    for (int from = 0; from < 50; from += 8) {
      expected.add(
          IntStream.range(from, Math.min(50, from + 8)).map(i -> order[i]).boxed().toList());
    }

    try (ImageLoader loader = loader(50, new LoaderOptions(8, true, false, workers, 2, 3))) {
      assertThat(samples(loader, 4, 0)).isEqualTo(expected);
    }
  }

  @Test
  void withoutShufflingSamplesComeInOrderAndTheLastBatchMayBeShort() {
    try (ImageLoader loader = loader(10, new LoaderOptions(4, false, false, 2, 2, 0))) {
      assertThat(loader.length()).hasValue(3);
      assertThat(samples(loader, 0, 0))
          .containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
    }
  }

  @Test
  void dropLastLeavesOutTheShortBatch() {
    try (ImageLoader loader = loader(10, new LoaderOptions(4, false, true, 2, 2, 0))) {
      assertThat(loader.length()).hasValue(2);
      assertThat(samples(loader, 0, 0)).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
    }
  }

  @Test
  void aShuffledPassIsAPermutationThatSeedAndPassDecide() {
    List<Integer> first = pass(7, 0);

    assertThat(first)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).boxed().toList())
        .isNotEqualTo(IntStream.range(0, 40).boxed().toList());
    assertThat(pass(7, 0)).isEqualTo(first);
    assertThat(pass(7, 1)).isNotEqualTo(first);
    assertThat(pass(8, 0)).isNotEqualTo(first);
  }

  @Test
  void aPassThatStartsAtALaterBatchGivesTheRemainingOnes() {
    try (ImageLoader loader = loader(23, new LoaderOptions(4, true, false, 2, 2, 1))) {
      List<List<Integer>> whole = samples(loader, 2, 0);

      assertThat(samples(loader, 2, 3)).isEqualTo(whole.subList(3, 6));
      assertThat(samples(loader, 2, 6)).isEmpty();
    }
  }

  @Test
  void aPassThatIsOverHasNoNextBatch() {
    try (ImageLoader loader = loader(4, LoaderOptions.evaluation(4));
        DataPass<ImageBatch> pass = loader.open(0)) {
      pass.next().close();

      assertThat(pass.hasNext()).isFalse();
      assertThatThrownBy(pass::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aFailingSampleSurfacesAtTheBatchItBelongsTo(int workers) {
    NumberedImages broken =
        new NumberedImages(12) {
          @Override
          public void read(int index, ByteBuffer target) {
            if (index == 6) {
              throw new DataException("image 6 is unreadable");
            }
            super.read(index, target);
          }
        };
    try (ImageLoader loader =
            new ImageLoader(
                broken, new LoaderOptions(4, false, false, workers, 2, 0), RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      pass.next().close();

      assertThatThrownBy(pass::next)
          .isInstanceOf(DataException.class)
          .hasMessage("image 6 is unreadable");
    }
  }

  @Test
  void aLabelOutsideTheClassesIsRefusedWithItsSample() {
    NumberedImages mislabelled =
        new NumberedImages(4) {
          @Override
          public int label(int index) {
            return index == 2 ? 10 : 0;
          }
        };
    try (ImageLoader loader =
            new ImageLoader(mislabelled, LoaderOptions.evaluation(4), RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      assertThatThrownBy(pass::next)
          .hasMessage("sample 2 has label 10; the data set has the classes 0 to 9");
    }
  }

  @Test
  void anImageOfAnotherSizeThanTheDataSetsIsRefused() {
    NumberedImages shorter =
        new NumberedImages(4) {
          @Override
          public void read(int index, ByteBuffer target) {
            super.read(index, target);
            target.position(target.position() - (index == 1 ? 1 : 0));
          }
        };
    try (ImageLoader loader = new ImageLoader(shorter, LoaderOptions.evaluation(4), RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      assertThatThrownBy(pass::next)
          .hasStackTraceContaining("read wrote 5 bytes for sample 1; an image 2x3x1 has 6");
    }
  }

  @Test
  void aBatchLargerThanTheDataIsRefusedIfTheRestIsDropped() {
    assertThatThrownBy(() -> loader(10, new LoaderOptions(11, false, true, 0, 2, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch size 11")
        .hasMessageContaining("10 samples")
        .hasMessageContaining("drop_last");
    try (ImageLoader loader = loader(10, new LoaderOptions(11, false, false, 0, 2, 0))) {
      assertThat(samples(loader, 0, 0)).hasSize(1).first(LIST).hasSize(10);
    }
  }

  @Test
  void anEmptyDataSetIsRefused() {
    assertThatThrownBy(() -> loader(0, LoaderOptions.evaluation(1)))
        .hasMessage("the data set is empty");
  }

  private List<Integer> pass(long seed, int pass) {
    try (ImageLoader loader = loader(40, new LoaderOptions(7, true, false, 2, 2, seed))) {
      return samples(loader, pass, 0).stream().flatMap(List::stream).toList();
    }
  }

  private ImageLoader loader(int size, LoaderOptions options) {
    return new ImageLoader(new NumberedImages(size), options, RAW, manager);
  }

  /** The indices of the samples of each batch of a pass, told by their pixels. */
  private static List<List<Integer>> samples(ImageLoader loader, int pass, int firstBatch) {
    List<List<Integer>> batches = new ArrayList<>();
    try (DataPass<ImageBatch> batchesOfPass = loader.open(pass, firstBatch)) {
      while (batchesOfPass.hasNext()) {
        try (ImageBatch batch = batchesOfPass.next()) {
          List<Integer> indices = new ArrayList<>();
          int bytes = loader.shape().bytes();
          for (int i = 0; i < batch.size(); i++) {
            indices.add(batch.pixels().toUint8Array()[i * bytes]);
            assertThat(batch.labels().head().toLongArray()[i]).isEqualTo(indices.get(i) % 10);
          }
          batches.add(indices);
        }
      }
    }
    return batches;
  }
}
