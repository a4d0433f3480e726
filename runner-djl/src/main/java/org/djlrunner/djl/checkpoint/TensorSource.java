package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A tensor whose elements are made when they are written, so that writing a file takes the memory
 * of one tensor.
 *
 * <p>{@link Safetensors#write} asks all sources for type and shape first, and then one source after
 * the other once for its data, which it drops before it asks the next: those of larger elements
 * first, otherwise in the order given.
 */
public interface TensorSource {
  /** Element type: one of float32, float64, float16, uint8, int8, int32, int64, boolean. */
  DataType type();

  /** The shape. */
  Shape shape();

  /**
   * The elements, row-major, little-endian, from the buffer's position to its limit; what {@link
   * #type} and {@link #shape} say fixes their number. Left as it is.
   *
   * @throws IOException if they can't be had; the file then stays unfinished
   */
  ByteBuffer data() throws IOException;
}
