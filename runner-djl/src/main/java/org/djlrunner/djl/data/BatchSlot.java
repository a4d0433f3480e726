package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Memory for one batch outside the Java heap, filled by a worker. */
class BatchSlot {
  private final ByteBuffer pixels;
  private final ByteBuffer labels;
  private final long[] indices;
  private int size;

  /** A slot with memory of its own, which may be filled again and again. */
  BatchSlot(int batchSize, ImageShape shape) {
    this(
        ByteBuffer.allocateDirect(Math.multiplyExact(batchSize, shape.bytes())),
        ByteBuffer.allocateDirect(batchSize * Long.BYTES).order(ByteOrder.nativeOrder()),
        batchSize);
  }

  /** A slot over memory for that many samples: direct, labels in native order. */
  BatchSlot(ByteBuffer pixels, ByteBuffer labels, int batchSize) {
    this.pixels = pixels;
    this.labels = labels;
    this.indices = new long[batchSize];
  }

  final void begin() {
    pixels.clear();
    labels.clear();
    size = 0;
  }

  /** Adds a sample by its index in the data set; its pixels are written to {@link #target}. */
  final void addSample(int index, long label) {
    indices[size++] = index;
    labels.putLong(label);
  }

  final ByteBuffer target() {
    return pixels;
  }

  final int size() {
    return size;
  }

  /** The samples' indices in the data set, in order. */
  final long[] indices() {
    return Arrays.copyOf(indices, size);
  }

  /** The pixels written, {@code [N, H, W, C]}. */
  final ByteBuffer pixels() {
    return pixels.duplicate().flip();
  }

  /** The labels written, {@code [N]}. */
  final ByteBuffer labels() {
    return labels.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
