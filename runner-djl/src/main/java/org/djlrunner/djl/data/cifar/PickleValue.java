package org.djlrunner.djl.data.cifar;

import java.util.List;

/** What a pickle builds with the few names it may refer to; nothing of it is ever called. */
sealed interface PickleValue {
  /** A name of NumPy's. */
  enum Name implements PickleValue {
    /** {@code numpy.core.multiarray._reconstruct}: begins an array. */
    RECONSTRUCT,
    /** {@code numpy.ndarray}. */
    NDARRAY,
    /** {@code numpy.dtype}. */
    DTYPE
  }

  /** Where a list of arguments or entries begins. */
  enum Mark implements PickleValue {
    /** The only one. */
    MARK
  }

  /** Python's {@code None}. */
  enum None implements PickleValue {
    /** The only one. */
    NONE
  }

  /** A tuple; what it holds never changes. */
  record Tuple(List<Object> items) implements PickleValue {}

  /** The type of an array's numbers, such as {@code u1}. */
  record NumberType(String code) implements PickleValue {}

  /** An array that was begun and has no content yet. */
  enum EmptyArray implements PickleValue {
    /** The only one. */
    EMPTY
  }

  /**
   * An array.
   *
   * @param type such as {@code u1} for uint8
   * @param shape its dimensions
   * @param bytes its content, the last dimension first
   */
  @SuppressWarnings("ArrayRecordComponent") // Tens of megabytes, read once and never compared.
  record NumberArray(String type, List<Integer> shape, byte[] bytes) implements PickleValue {}
}
