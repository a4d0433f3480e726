package org.djlrunner.djl.experiment;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;

/**
 * A data set's size and shape, without its data.
 *
 * @param size samples, 1 or more
 * @param shape the size of every image
 * @param classes how many there are
 */
public record DatasetOutline(int size, ImageShape shape, int classes) {
  /** A data set of this outline that has nothing to read. */
  ImageDataset withoutData() {
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new ImageDataset() {
      @Override
      public ImageShape shape() {
        return shape;
      }

      @Override
      public List<String> classes() {
        return names;
      }

      @Override
      public int label(int index) {
        throw new DataException("a plan has no data");
      }

      @Override
      public void read(int index, ByteBuffer target) {
        throw new DataException("a plan has no data");
      }

      @Override
      protected long availableSize() {
        return size;
      }
    };
  }
}
