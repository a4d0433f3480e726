package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.RequiresGpu;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches reach a GPU whole while it lags behind the host. */
@RequiresGpu
@DisplayName("W04 W05 batches on a GPU")
class BatchesOnGpuTest {
  private static final int BATCHES = 200;
  private static final int BATCH = 32;
  private static final ImageShape SHAPE = new ImageShape(96, 128, 1);

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true"})
  @DisplayName("no batch is overwritten before a busy GPU has read it")
  void whole(boolean pinned, boolean cached) {
    NumberedImages images = new NumberedImages(BATCH * BATCHES, SHAPE);
    LoaderOptions options =
        new LoaderOptions(BATCH, true, true, 3, 2, 5).pinMemory(pinned).cached(cached);
    try (NDManager manager = NDManager.newBaseManager(Device.gpu(), "PyTorch");
        ImageLoader loader = new ImageLoader(images, options, LoadedPasses.RAW, manager);
        NDManager kept = manager.newSubManager()) {
      NDArray factor = kept.ones(new Shape(4096, 4096));
      List<NDArray> sums = new ArrayList<>();
      List<Long> expected = new ArrayList<>();
      int atRest = LiveCount.below(manager);
      try (DataPass<ImageBatch> pass = loader.open(0)) {
        while (pass.hasNext()) {
          try (ImageBatch batch = pass.next()) {
            long sum = 0;
            for (long index : batch.sampleIndices()) {
              sum += (index & 0xff) * SHAPE.bytes() + index % 10;
            }
            expected.add(sum);
            // The GPU falls behind: a product takes longer than the host takes to ask for it.
            try (NDManager step = batch.manager().newSubManager()) {
              factor.matMul(factor).attach(step);
              NDArray pixels = batch.pixels().toType(DataType.INT64, false).sum();
              NDArray labels = batch.labels().head().sum();
              NDArray both = pixels.add(labels);
              both.attach(kept);
              sums.add(both);
            }
          }
        }
      }
      assertThat(sums.stream().map(sum -> sum.toLongArray()[0]).toList()).isEqualTo(expected);
      sums.forEach(NDArray::close);
      assertThat(LiveCount.below(manager)).isEqualTo(atRest);
    }
  }
}
