package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.djlrunner.djl.data.sampler.ClassBalancedSampler;
import org.djlrunner.djl.data.sampler.InfiniteSampler;
import org.djlrunner.djl.data.sampler.Replica;
import org.djlrunner.djl.data.sampler.SamplerSpec;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a loader makes of a sampler. */
class SampledBatchesTest {
  private static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));
  private static final SamplerSpec BALANCED =
      data -> new ClassBalancedSampler(data.size(), data.labels(), data.seed(), data.replica(), 1);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  @DisplayName("Z01 Z04 batches are the sampler's, by the data set's labels, for any workers")
  void batches(int workers) {
    LoaderOptions options = new LoaderOptions(5, true, false, workers, 2, 3).sampledBy(BALANCED);
    int[] order = new ClassBalancedSampler(33, i -> i % 10, 3, Replica.SINGLE, 1).order(2);

    try (ImageLoader loader = new ImageLoader(new NumberedImages(33), options, RAW, manager)) {
      List<Long> seen = new ArrayList<>();
      try (DataPass<ImageBatch> pass = loader.open(2, 0)) {
        while (pass.hasNext()) {
          seen.addAll(taken(pass));
        }
      }
      assertThat(seen.stream().mapToInt(Math::toIntExact).toArray()).isEqualTo(order);
    }
  }

  @Test
  @DisplayName("Z02 a pass entered at a batch reads no sample of those before")
  void jump() {
    List<Integer> read = Collections.synchronizedList(new ArrayList<>());
    NumberedImages watched =
        new NumberedImages(40) {
          @Override
          public void read(int index, ByteBuffer target) {
            read.add(index);
            super.read(index, target);
          }
        };
    LoaderOptions options = new LoaderOptions(5, true, false, 0, 1, 3).sampledBy(BALANCED);
    int[] order = new ClassBalancedSampler(40, i -> i % 10, 3, Replica.SINGLE, 1).order(1, 30);

    try (ImageLoader loader = new ImageLoader(watched, options, RAW, manager);
        DataPass<ImageBatch> pass = loader.open(1, 6)) {
      // The shape of the images is the data set's, so none was read for it.
      while (pass.hasNext()) {
        taken(pass);
      }
    }
    assertThat(read.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(order);
  }

  @Test
  @DisplayName("Z06 Z07 the sampler decides how many batches there are")
  void length() {
    LoaderOptions options =
        new LoaderOptions(8, true, false, 0, 1, 3)
            .sampledBy(
                data ->
                    new InfiniteSampler(
                        data.size(), true, data.seed(), data.replica(), data.batchSize()));

    try (ImageLoader loader = new ImageLoader(new NumberedImages(20), options, RAW, manager)) {
      assertThat(loader.length()).hasValue(3);
      assertThat(loader.samples()).isEqualTo(20);
      assertThat(loader.samplesPerPass()).isEqualTo(24);
    }
    LoaderOptions many =
        new LoaderOptions(8, true, true, 0, 1, 3)
            .sampledBy(data -> new ClassBalancedSampler(4, data.labels(), 0, data.replica(), 1));
    assertThatThrownBy(() -> new ImageLoader(new NumberedImages(20), many, RAW, manager))
        .hasMessageContaining("the batch size 8 is larger than the 4 samples of a pass");
  }

  private static List<Long> taken(DataPass<ImageBatch> pass) {
    try (ImageBatch batch = pass.next()) {
      List<Long> indices = new ArrayList<>();
      for (long index : batch.sampleIndices()) {
        indices.add(index);
      }
      return indices;
    }
  }
}
