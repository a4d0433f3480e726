package org.djlrunner.djl.data.cifar;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;

/**
 * CIFAR-10 or CIFAR-100 (Krizhevsky 2009): 50,000 training and 10,000 test photos, {@code 32x32x3}.
 *
 * <p>Read whole into memory, 154 MB for the training part, from the binary or the Python layout;
 * from a folder or, without unpacking it, from the published {@code .tar.gz}. Pickles are read,
 * never run.
 */
public final class Cifar extends ImageDataset {
  /** The size of every image. */
  public static final ImageShape SHAPE =
      new ImageShape(CifarBatch.SIDE, CifarBatch.SIDE, CifarBatch.CHANNELS);

  private final CifarKind kind;
  private final List<CifarBatch> batches;

  /** The index of each batch's first image, and at the end the number of all. */
  private final int[] starts;

  /**
   * Reads one part of the data set.
   *
   * @param prefix a folder that holds the files, the folder or the archive they are published in;
   *     or that archive
   * @param test whether to read the test images instead of those for training
   * @throws DataException if files are missing or broken
   */
  public Cifar(CifarKind kind, Path prefix, boolean test) {
    this.kind = kind;
    this.batches = CifarFiles.find(kind, prefix).read(test);
    this.starts = new int[batches.size() + 1];
    for (int i = 0; i < batches.size(); i++) {
      starts[i + 1] = starts[i] + batches.get(i).size();
    }
  }

  /**
   * How many images a part has, by the sizes of its files.
   *
   * @return empty if there are none, or it takes reading them: pickles and archives
   * @throws DataException if a file is missing or of a wrong size
   */
  public static OptionalInt sizeOf(CifarKind kind, Path prefix, boolean test) {
    return CifarFiles.findIfThere(kind, prefix)
        .map(files -> files.count(test))
        .orElse(OptionalInt.empty());
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public List<String> classes() {
    return kind.classes();
  }

  @Override
  public int label(int index) {
    int batch = batch(index);
    return batches.get(batch).labels()[index - starts[batch]];
  }

  @Override
  public String name(int index) {
    int batch = batch(index);
    return "image " + (index - starts[batch]) + " of " + batches.get(batch).file();
  }

  @Override
  public void read(int index, ByteBuffer target) {
    int batch = batch(index);
    target.put(
        batches.get(batch).pixels(), (index - starts[batch]) * CifarBatch.IMAGE, CifarBatch.IMAGE);
  }

  @Override
  protected long availableSize() {
    return starts[batches.size()];
  }

  private int batch(int index) {
    int found = Arrays.binarySearch(starts, index);
    return found >= 0 ? found : -found - 2;
  }
}
