package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Memory for one batch outside the Java heap, filled by a worker. */
class BatchSlot {
  private final ByteBuffer pixels;
  private final ByteBuffer labels;
  private final long[] indices;
  private final long[] classes;
  private final LabelForm form;
  private byte[] original = new byte[0];
  private int size;

  /** A slot with memory of its own, which may be filled again and again. */
  BatchSlot(int batchSize, ImageShape shape, LabelForm form) {
    this(
        ByteBuffer.allocateDirect(Math.multiplyExact(batchSize, shape.bytes())),
        ByteBuffer.allocateDirect(form.bytes(batchSize)).order(ByteOrder.nativeOrder()),
        batchSize,
        form);
  }

  /** A slot over memory for that many samples: direct, labels in native order. */
  BatchSlot(ByteBuffer pixels, ByteBuffer labels, int batchSize, LabelForm form) {
    this.pixels = pixels;
    this.labels = labels;
    this.indices = new long[batchSize];
    this.classes = new long[batchSize];
    this.form = form;
  }

  final void begin() {
    pixels.clear();
    labels.clear();
    size = 0;
  }

  /** Adds a sample by its index in the data set; its pixels are written to {@link #target}. */
  final void addSample(int index, long label) {
    indices[size] = index;
    classes[size] = label;
    size++;
    if (!form.isSoft()) {
      labels.putLong(label);
    }
  }

  /** The class of the sample at a place of the batch. */
  final int label(int place) {
    return (int) classes[place];
  }

  /** Writes the next sample's probabilities, where labels are soft. */
  final void putLabel(float[] probabilities) {
    for (float probability : probabilities) {
      labels.putFloat(probability);
    }
  }

  /** A copy of the pixels written so far. */
  final byte[] original() {
    int bytes = pixels.position();
    if (original.length < bytes) {
      original = new byte[bytes];
    }
    pixels.get(0, original, 0, bytes);
    return original;
  }

  final ByteBuffer target() {
    return pixels;
  }

  final LabelForm form() {
    return form;
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

  /** The labels written, {@code [N]} or {@code [N, classes]}. */
  final ByteBuffer labels() {
    return labels.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
