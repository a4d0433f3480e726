package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;

/**
 * What a header says of one tensor.
 *
 * @param stored the element type's name in the file
 * @param type the type as which elements are read
 * @param begin where its bytes begin, counted from the start of the data
 * @param end where they end
 */
record StoredTensor(String name, String stored, DataType type, Shape shape, long begin, long end) {

  /** The bytes that it takes when it is read: BF16 grows to float32. */
  long bytesRead() {
    return stored.equals(TensorTypes.BFLOAT16) ? 2 * (end - begin) : end - begin;
  }

  /** The tensor of its bytes in the file. */
  Tensor of(ByteBuffer bytes) {
    ByteBuffer data = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(type, shape, stored.equals(TensorTypes.BFLOAT16) ? widened(data) : data);
  }

  /** A bfloat16 is the upper half of a float32. */
  private static ByteBuffer widened(ByteBuffer halves) {
    ByteBuffer floats = ByteBuffer.allocate(2 * halves.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (halves.hasRemaining()) {
      floats.putInt(halves.getShort() << Short.SIZE);
    }
    return floats.flip();
  }
}
