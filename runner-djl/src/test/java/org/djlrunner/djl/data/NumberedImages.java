package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** A data set whose image {@code i} has the value {@code i} in every pixel and the label i % 10. */
class NumberedImages extends ImageDataset {
  private final int size;
  private final ImageShape shape;

  NumberedImages(int size) {
    this(size, new ImageShape(2, 3, 1));
  }

  NumberedImages(int size, ImageShape shape) {
    this.size = size;
    this.shape = shape;
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, 10).mapToObj(Integer::toString).toList();
  }

  @Override
  public int label(int index) {
    return index % 10;
  }

  @Override
  public void read(int index, ByteBuffer target) {
    for (int i = 0; i < shape.bytes(); i++) {
      target.put((byte) index);
    }
  }

  @Override
  protected long availableSize() {
    return size;
  }
}
