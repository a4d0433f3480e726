package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any DJL data set of uint8 images can be loaded; others are refused with the way out. */
class DjlRecordsTest {
  private static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void anArrayDatasetOfImagesIsLoaded(int workers) {
    NDArray images =
        manager.arange(0, 24, 1, DataType.INT32).reshape(4, 2, 3, 1).toType(DataType.UINT8, true);
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(images)
            .optLabels(manager.create(new int[] {3, 1, 4, 1}))
            .setSampling(1, false)
            .build();
    try (ImageLoader loader =
            new ImageLoader(
                dataset, new LoaderOptions(3, false, false, workers, 2, 0), RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      assertThat(loader.shape()).isEqualTo(new ImageShape(2, 3, 1));
      try (ImageBatch first = pass.next();
          ImageBatch second = pass.next()) {
        assertThat(first.pixels().flatten().toUint8Array())
            .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
        assertThat(first.labels().head().toLongArray()).containsExactly(3, 1, 4);
        assertThat(second.pixels().toUint8Array()).containsExactly(18, 19, 20, 21, 22, 23);
        assertThat(second.labels().head().toLongArray()).containsExactly(1);
      }
    }
  }

  @Test
  void ourOwnDataSetsReadTheSameAsDjlRecords() {
    Glyphs glyphs = new Glyphs(5, 1);
    ByteBuffer direct = ByteBuffer.allocate(glyphs.shape().bytes());
    glyphs.read(3, direct);
    Record record = glyphs.get(manager, 3);

    assertThat(record.getData().singletonOrThrow().getShape()).isEqualTo(new Shape(28, 28, 1));
    assertThat(record.getData().singletonOrThrow().toByteArray()).isEqualTo(direct.array());
    assertThat(record.getLabels().singletonOrThrow().getLong()).isEqualTo(glyphs.label(3));
  }

  @Test
  void imagesOfFloatsAreRefusedWithTheWayOut() {
    RandomAccessDataset floats = dataset((scope, i) -> scope.zeros(new Shape(1, 28, 28)));

    assertThatThrownBy(() -> load(floats))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 0")
        .hasMessageContaining("float32")
        .hasMessageContaining("[H, W, C] of uint8")
        .hasMessageContaining("ToTensor");
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    RandomAccessDataset mixed =
        dataset((scope, i) -> scope.zeros(new Shape(i == 1 ? 3 : 2, 2, 1), DataType.UINT8));

    assertThatThrownBy(() -> load(mixed))
        .hasMessageContaining("sample 1 is (3, 2, 1)")
        .hasMessageContaining("2x2x1");
  }

  @Test
  void imagesOfEqualBytesButAnotherShapeAreRefused() {
    RandomAccessDataset turned =
        dataset(
            (scope, i) ->
                scope.zeros(i == 1 ? new Shape(3, 2, 1) : new Shape(2, 3, 1), DataType.UINT8));

    assertThatThrownBy(() -> load(turned))
        .hasMessageContaining("sample 1 is (3, 2, 1)")
        .hasMessageContaining("2x3x1");
  }

  private void load(RandomAccessDataset dataset) {
    try (ImageLoader loader =
            new ImageLoader(dataset, new LoaderOptions(2, false, false, 0, 1, 0), RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      pass.next().close();
    }
  }

  private static RandomAccessDataset dataset(BiFunction<NDManager, Long, NDArray> image) {
    return new Generated(image);
  }

  private static final class Generated extends RandomAccessDataset {
    private final BiFunction<NDManager, Long, NDArray> image;

    Generated(BiFunction<NDManager, Long, NDArray> image) {
      super(new ArrayDataset.Builder().setSampling(1, false));
      this.image = image;
    }

    @Override
    public Record get(NDManager scope, long index) {
      return new Record(new NDList(image.apply(scope, index)), new NDList(scope.create(index)));
    }

    @Override
    protected long availableSize() {
      return 2;
    }

    @Override
    public void prepare(Progress progress) {}
  }
}
