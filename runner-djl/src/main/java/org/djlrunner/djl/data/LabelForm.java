package org.djlrunner.djl.data;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * How a batch says which classes its samples have.
 *
 * @param classes 0 for hard labels, {@code [N] int64}; else soft ones, {@code [N, classes] float32}
 */
record LabelForm(int classes) {
  /** One class each. */
  static final LabelForm HARD = new LabelForm(0);

  boolean isSoft() {
    return classes > 0;
  }

  DataType type() {
    return isSoft() ? DataType.FLOAT32 : DataType.INT64;
  }

  Shape shape(int samples) {
    return isSoft() ? new Shape(samples, classes) : new Shape(samples);
  }

  int bytes(int samples) {
    return isSoft()
        ? Math.multiplyExact(samples, classes * Float.BYTES)
        : Math.multiplyExact(samples, Long.BYTES);
  }
}
