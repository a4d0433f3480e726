package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import java.util.Map;

/** The element types that safetensors and DJL share, by their name in a file. */
final class TensorTypes {
  private static final Map<String, DataType> BY_NAME =
      Map.of(
          "F64", DataType.FLOAT64,
          "F32", DataType.FLOAT32,
          "F16", DataType.FLOAT16,
          "I64", DataType.INT64,
          "I32", DataType.INT32,
          "I8", DataType.INT8,
          "U8", DataType.UINT8,
          "BOOL", DataType.BOOLEAN);

  private TensorTypes() {}

  static String name(DataType type) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("safetensors has no type " + type));
  }

  /**
   * The type of a name.
   *
   * @throws IllegalArgumentException if DJL has none, as for BF16
   */
  static DataType named(String name) {
    DataType type = BY_NAME.get(name);
    if (type == null) {
      throw new IllegalArgumentException("tensors of type " + name + " can't be read");
    }
    return type;
  }
}
