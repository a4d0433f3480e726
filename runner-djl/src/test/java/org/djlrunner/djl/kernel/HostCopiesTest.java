package org.djlrunner.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("W05 copies from the host")
class HostCopiesTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final HostCopies copies = new HostCopies(manager);

  @AfterEach
  void close() {
    copies.close();
    manager.close();
  }

  @Test
  void aCopyHasItsOwnMemoryAndOwner() {
    try (NDManager owner = manager.newSubManager()) {
      NDArray bytes = copies.hostArray(manager, new Shape(2, 3), DataType.UINT8);
      NDArray numbers = copies.hostArray(manager, new Shape(2), DataType.INT64);
      ByteBuffer written = bytes.toByteBuffer(true);
      written.put(new byte[] {1, 2, 3, 4, 5, (byte) 255});
      numbers.toByteBuffer(true).order(ByteOrder.nativeOrder()).putLong(-7).putLong(1L << 40);

      NDList made = copies.toDevice(owner, bytes, numbers);
      written.put(0, (byte) 99);
      bytes.close();
      numbers.close();

      assertThat(made.get(0).getShape()).isEqualTo(new Shape(2, 3));
      assertThat(made.get(0).toUint8Array()).containsExactly(1, 2, 3, 4, 5, 255);
      assertThat(made.get(1).toLongArray()).containsExactly(-7, 1L << 40);
      assertThat(made).allMatch(copy -> copy.getManager() == owner);
    }
  }

  @Test
  @DisplayName("W05 a loss may keep what was copied for its backward pass")
  void inALoss() {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try (NDArray labels = copies.hostArray(manager, new Shape(1), DataType.INT64);
        NDArray logits = manager.create(new float[] {3, 3}, new Shape(1, 2))) {
      labels.toByteBuffer(true).order(ByteOrder.nativeOrder()).putLong(1);
      NDArray onDevice = copies.toDevice(manager, labels).head();
      logits.setRequiresGradient(true);
      NDArray loss =
          TorchKernels.shared()
              .differentiable("cross_entropy", logits, onDevice, manager.create(0f))
              .head();

      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);

      assertThat(logits.getGradient().toFloatArray()).containsExactly(0.5f, -0.5f);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  @Test
  void otherTypesAndPlacesAreRefused() {
    assertThatThrownBy(() -> copies.hostArray(manager, new Shape(1), DataType.FLOAT32))
        .hasMessage("expected uint8, int32 or int64, got float32");
    try (NDManager elsewhere = manager.newSubManager(Device.gpu(1))) {
      assertThatThrownBy(() -> copies.hostArray(elsewhere, new Shape(1), DataType.UINT8))
          .hasMessage("an array of the host can't be on gpu(1)");
    }
  }

  @Test
  void severalStreamsAreRefusedOnAGpu() {
    assertThatCode(() -> HostCopies.requireOneStream(true)).doesNotThrowAnyException();
    System.setProperty(HostCopies.STREAMS, "true");
    try {
      assertThatThrownBy(() -> HostCopies.requireOneStream(true))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("-Dai.djl.pytorch.enable_cuda_stream=true");
      assertThatCode(() -> HostCopies.requireOneStream(false)).doesNotThrowAnyException();
    } finally {
      System.clearProperty(HostCopies.STREAMS);
    }
  }
}
