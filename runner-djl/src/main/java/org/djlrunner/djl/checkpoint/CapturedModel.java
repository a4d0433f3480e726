package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.spi.CheckpointCodec;

/**
 * A copy of what a checkpoint holds, on the model's device; read and written tensor by tensor.
 *
 * <p>Its arrays belong to a manager of its own, so writing may happen on another thread while
 * training goes on.
 */
final class CapturedModel implements CheckpointCodec.Capture {
  private final NDManager manager;
  private final Map<String, TensorSource> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  /** An empty copy whose arrays belong to {@code manager}, which this owns. */
  CapturedModel(NDManager manager) {
    this.manager = manager;
    metadata.put("format", "pt");
  }

  /** What the copy's arrays belong to. */
  NDManager manager() {
    return manager;
  }

  /** A flat copy on the device. */
  NDArray copy(NDArray array) {
    NDArray copy = array.duplicate();
    copy.attach(manager);
    return copy;
  }

  /**
   * Adds an array that belongs to this copy.
   *
   * @throws IllegalArgumentException if there is a tensor of this name already
   */
  void add(String name, NDArray array) {
    add(name, new OnDevice(array));
  }

  /** Adds one whole number. */
  void add(String name, long number) {
    ByteBuffer data = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    add(name, new Tensor(DataType.INT64, new Shape(), data.putLong(number).flip()));
  }

  private void add(String name, TensorSource source) {
    if (tensors.putIfAbsent(name, source) != null) {
      throw new IllegalArgumentException(
          "two tensors of a checkpoint would be called '"
              + name
              + "': "
              + TensorNames.IN_TRAINING
              + ", "
              + TensorNames.OPTIMIZER
              + " and "
              + TensorNames.GRADIENT
              + " begin the names of what is saved beside the weights; rename that part of the"
              + " model");
    }
  }

  /** Adds text to the file's metadata. */
  void describe(String name, Object json) {
    try {
      metadata.put(name, Safetensors.JSON.writeValueAsString(json));
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " can't be written as JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void write(Path file, Map<String, ?> meta) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put(DjlCheckpointCodec.META, Safetensors.JSON.writeValueAsString(meta));
    Safetensors.write(file, tensors, all);
  }

  @Override
  public void close() {
    manager.close();
  }

  /**
   * Brought to the host, in row-major order, when it is written: filters lie channels-last here.
   */
  private record OnDevice(NDArray array) implements TensorSource {
    @Override
    public DataType type() {
      return array.getDataType();
    }

    @Override
    public Shape shape() {
      return array.getShape();
    }

    @Override
    public ByteBuffer data() {
      try (NDManager scratch = array.getManager().newSubManager()) {
        NDArray detached = array.stopGradient();
        detached.attach(scratch);
        return detached.flatten().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
  }
}
