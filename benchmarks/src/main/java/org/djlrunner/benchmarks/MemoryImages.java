package org.djlrunner.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;

/** As many images as CIFAR-10 has in one of its files, of its size, in memory. */
final class MemoryImages extends ImageDataset {
  private static final int SIZE = 10_000;
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  private final byte[] pixels = new byte[SIZE * SHAPE.bytes()];

  MemoryImages() {
    new Random(0).nextBytes(pixels);
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
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
    target.put(pixels, index * SHAPE.bytes(), SHAPE.bytes());
  }

  @Override
  protected long availableSize() {
    return SIZE;
  }
}
