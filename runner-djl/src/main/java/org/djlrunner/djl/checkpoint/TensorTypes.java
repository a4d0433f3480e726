package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The element types that safetensors and DJL share, by their name in a file. */
final class TensorTypes {
  /** The type that is read as float32. */
  static final String BFLOAT16 = "BF16";

  private static final Map<String, DataType> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("F64", DataType.FLOAT64);
    BY_NAME.put("F32", DataType.FLOAT32);
    BY_NAME.put("F16", DataType.FLOAT16);
    BY_NAME.put("I64", DataType.INT64);
    BY_NAME.put("I32", DataType.INT32);
    BY_NAME.put("I8", DataType.INT8);
    BY_NAME.put("U8", DataType.UINT8);
    BY_NAME.put("BOOL", DataType.BOOLEAN);
  }

  private TensorTypes() {}

  /**
   * A type's name in a file.
   *
   * @throws IllegalArgumentException if the format, or DJL's PyTorch engine, has no such type
   */
  static String name(DataType type) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "tensors of type " + type + " can't be written, only " + BY_NAME.values()));
  }

  /** The type as which elements of a file are read; null if they can't be. */
  static @Nullable DataType readAs(String name) {
    return name.equals(BFLOAT16) ? DataType.FLOAT32 : BY_NAME.get(name);
  }

  /** The bytes of an element in a file, of a type that can be read. */
  static int bytes(String name, DataType readAs) {
    return name.equals(BFLOAT16) ? Short.BYTES : readAs.getNumOfBytes();
  }

  /** What can be read, for messages. */
  static String readable() {
    return String.join(", ", BY_NAME.keySet()) + " and " + BFLOAT16;
  }
}
