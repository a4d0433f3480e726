package org.djlrunner.djl.experiment;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;
import org.jspecify.annotations.Nullable;

/**
 * A data set's size and shape, without its data.
 *
 * @param size samples, 1 or more
 * @param shape the size of every image; null for image files of any size
 * @param classes how many there are
 */
public record DatasetOutline(int size, @Nullable ImageShape shape, int classes) {
  /** A data set of this outline that has nothing to read. */
  LabelledImages withoutData() {
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return shape == null ? new Files(size, names) : new Pixels(size, shape, names);
  }

  /** Whether a data set is one of {@link #withoutData}. */
  static boolean isWithoutData(LabelledImages images) {
    return images instanceof Files || images instanceof Pixels;
  }

  private static DataException noData() {
    return new DataException("a plan has no data");
  }

  private record Files(long size, List<String> classes) implements EncodedImages {
    @Override
    public int label(int index) {
      throw noData();
    }

    @Override
    public byte[] encoded(int index) {
      throw noData();
    }
  }

  private static final class Pixels extends ImageDataset {
    private final int size;
    private final ImageShape shape;
    private final List<String> names;

    Pixels(int size, ImageShape shape, List<String> names) {
      this.size = size;
      this.shape = shape;
      this.names = names;
    }

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
      throw noData();
    }

    @Override
    public void read(int index, ByteBuffer target) {
      throw noData();
    }

    @Override
    protected long availableSize() {
      return size;
    }
  }
}
