package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a batch's arrays hold, and how pixels become the network's input. */
class ImageBatchTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  /** Two images of 1 by 2 pixels in three channels: the bytes 0 to 5 and 250 to 255. */
  private final NumberedImages images =
      new NumberedImages(2, new ImageShape(1, 2, 3)) {
        @Override
        public void read(int index, ByteBuffer target) {
          for (int i = 0; i < 6; i++) {
            target.put((byte) (index * 250 + i));
          }
        }
      };

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void pixelsAreBytesInTheOrderOfTheDataSet() {
    try (ImageLoader loader = loader(Normalization.symmetric(3));
        DataPass<ImageBatch> pass = loader.open(0);
        ImageBatch batch = pass.next()) {
      assertThat(batch.pixels().getShape()).isEqualTo(new Shape(2, 1, 2, 3));
      assertThat(batch.pixels().getDataType()).isEqualTo(DataType.UINT8);
      assertThat(batch.pixels().toUint8Array())
          .containsExactly(0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);
      assertThat(batch.labels().singletonOrThrow().toLongArray()).containsExactly(0, 1);
      assertThat(batch.size()).isEqualTo(2);
    }
  }

  @Test
  void inputsAreNormalisedByChannelAndChannelsComeFirst() {
    Normalization byChannel = new Normalization(List.of(1.0, 2.0, 3.0), List.of(1.0, 2.0, 4.0));
    try (ImageLoader loader = loader(byChannel);
        DataPass<ImageBatch> pass = loader.open(0);
        ImageBatch batch = pass.next()) {
      NDArray inputs = batch.inputs().singletonOrThrow();

      assertThat(inputs.getShape()).isEqualTo(new Shape(2, 3, 1, 2));
      assertThat(inputs.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(inputs.toFloatArray())
          .containsExactly(-1, 2, -0.5f, 1, -0.25f, 0.5f, 249, 252, 124.5f, 126, 62.25f, 63);
    }
  }

  @Test
  void oneChannelIsNormalisedToo() {
    NumberedImages grey = new NumberedImages(3, new ImageShape(1, 1, 1));
    Normalization normalization = new Normalization(List.of(1.0), List.of(0.5));
    try (ImageLoader loader =
            new ImageLoader(grey, LoaderOptions.evaluation(3), normalization, manager);
        DataPass<ImageBatch> pass = loader.open(0);
        ImageBatch batch = pass.next()) {
      assertThat(batch.inputs().head().toFloatArray()).containsExactly(-2, 0, 2);
    }
  }

  @Test
  void symmetricNormalisationBringsPixelsToMinusOneToOne() {
    try (ImageLoader loader = loader(Normalization.symmetric(3));
        DataPass<ImageBatch> pass = loader.open(0);
        ImageBatch batch = pass.next()) {
      assertThat(batch.inputs().head().min().getFloat()).isEqualTo(-1);
      assertThat(batch.inputs().head().max().getFloat()).isEqualTo(1);
    }
  }

  @Test
  void aNormalisationOfOtherChannelsIsRefused() {
    assertThatThrownBy(() -> loader(Normalization.symmetric(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Normalize has 1 channels, the images have 3");
  }

  @Test
  void aNormalisationNeedsOneMeanAndOnePositiveStdAChannel() {
    assertThatThrownBy(() -> new Normalization(List.of(1.0), List.of(1.0, 2.0)))
        .hasMessageContaining("one value a channel");
    assertThatThrownBy(() -> new Normalization(List.of(), List.of()))
        .hasMessageContaining("one value a channel");
    assertThatThrownBy(() -> new Normalization(List.of(1.0), List.of(0.0)))
        .hasMessage("std must be above 0, got [0.0]");
  }

  private ImageLoader loader(Normalization normalization) {
    return new ImageLoader(images, LoaderOptions.evaluation(2), normalization, manager);
  }
}
