package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for one batch outside the Java heap, filled by a worker and used again batch by batch. */
final class BatchSlot {
  private final ByteBuffer pixels;
  private final ByteBuffer labels;
  private int size;

  BatchSlot(int batchSize, ImageShape shape) {
    pixels = ByteBuffer.allocateDirect(Math.multiplyExact(batchSize, shape.bytes()));
    labels = ByteBuffer.allocateDirect(batchSize * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  void begin() {
    pixels.clear();
    labels.clear();
    size = 0;
  }

  /** Adds a label; its pixels are written to {@link #target}. */
  void addLabel(long label) {
    labels.putLong(label);
    size++;
  }

  ByteBuffer target() {
    return pixels;
  }

  int size() {
    return size;
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
