package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Memory for one batch outside the Java heap, filled by a worker and used again batch by batch. */
final class BatchSlot {
  private final ByteBuffer pixels;
  private final ByteBuffer labels;
  private final long[] indices;
  private int size;

  BatchSlot(int batchSize, ImageShape shape) {
    pixels = ByteBuffer.allocateDirect(Math.multiplyExact(batchSize, shape.bytes()));
    indices = new long[batchSize];
    labels = ByteBuffer.allocateDirect(batchSize * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  void begin() {
    pixels.clear();
    labels.clear();
    size = 0;
  }

  /** Adds a sample by its index in the data set; its pixels are written to {@link #target}. */
  void addSample(int index, long label) {
    indices[size++] = index;
    labels.putLong(label);
  }

  ByteBuffer target() {
    return pixels;
  }

  int size() {
    return size;
  }

  /** The samples' indices in the data set, in order. */
  long[] indices() {
    return Arrays.copyOf(indices, size);
  }

  /** The pixels written, {@code [N, H, W, C]}. */
  ByteBuffer pixels() {
    return pixels.duplicate().flip();
  }

  /** The labels written, {@code [N]}. */
  ByteBuffer labels() {
    return labels.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
