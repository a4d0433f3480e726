package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 training and 10,000 test images of clothes,
 * {@code 28x28x1}, in ten classes, from the standard IDX files.
 */
public final class FashionMnist extends ImageDataset {
  private static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private final ImageShape shape;
  private final byte[] pixels;
  private final byte[] labels;

  /**
   * Reads one part of the data set.
   *
   * <p>A folder that exists but has none of the files is filled from DJL's data repository if the
   * network allows.
   *
   * @param folder holds {@code train-images-idx3-ubyte.gz} and so on, gzipped or not
   * @param test whether to read the 10,000 test images instead of the 60,000 for training
   * @throws DataException if files are missing or broken
   */
  public FashionMnist(Path folder, boolean test) {
    String part = part(test);
    FashionMnistFiles files = new FashionMnistFiles(folder);
    files.fetchIfNoneIsThere();
    Path imageFile = files.find(part + "-images-idx3-ubyte");
    Path labelFile = files.find(part + "-labels-idx1-ubyte");
    IdxFile images = IdxFile.read(imageFile, 3);
    IdxFile classes = IdxFile.read(labelFile, 1);
    if (images.items() != classes.items()) {
      throw new DataException(
          String.format(
              "%s holds %d images, %s holds %d labels; they don't belong together",
              imageFile, images.items(), labelFile, classes.items()));
    }
    shape = new ImageShape(images.dimensions()[1], images.dimensions()[2], 1);
    pixels = images.bytes();
    labels = classes.bytes();
    checkLabels(labelFile);
  }

  /**
   * How many images a part has, by the header of its file of labels; nothing else is read or
   * fetched.
   *
   * @return empty if the file is not there: the folder may be meant for another data set in this
   *     format, or be a mistake
   * @throws DataException if the header is broken
   */
  public static OptionalInt sizeOf(Path folder, boolean test) {
    return new FashionMnistFiles(folder)
        .findIfThere(part(test) + "-labels-idx1-ubyte")
        .map(file -> OptionalInt.of(IdxFile.itemsIn(file, 1)))
        .orElse(OptionalInt.empty());
  }

  private static String part(boolean test) {
    return test ? "t10k" : "train";
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, ByteBuffer target) {
    target.put(pixels, index * shape.bytes(), shape.bytes());
  }

  @Override
  protected long availableSize() {
    return labels.length;
  }

  private void checkLabels(Path file) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= CLASSES.size()) {
        throw new DataException(
            String.format(
                "%s: the label of image %d is %d; expected 0 to 9", file, i, labels[i] & 0xff));
      }
    }
  }
}
