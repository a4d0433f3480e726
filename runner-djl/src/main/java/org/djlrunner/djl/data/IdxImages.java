package org.djlrunner.djl.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Grey images from two IDX files, one of pixels and one of labels: the layout of MNIST, which
 * {@link FashionMnist} and KMNIST share.
 */
public class IdxImages extends ImageDataset {
  private static final List<String> DIGITS =
      List.of(
          "0 - zero",
          "1 - one",
          "2 - two",
          "3 - three",
          "4 - four",
          "5 - five",
          "6 - six",
          "7 - seven",
          "8 - eight",
          "9 - nine");

  /** The first column of Kuzushiji-MNIST's characters, in the order of its labels. */
  private static final List<String> KUZUSHIJI =
      List.of("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo");

  private final List<String> classes;
  private final Path labelFile;
  private final ImageShape shape;
  private final byte[] pixels;
  private final byte[] labels;

  /**
   * Reads one part of a data set.
   *
   * @param title what errors call it
   * @param folder holds {@code train-images-idx3-ubyte.gz} and so on, gzipped or not
   * @param test whether to read the part for testing instead of the one for training
   * @param classes the names of the labels, from 0; 128 at most
   * @throws DataException if files are missing or broken
   */
  public IdxImages(String title, Path folder, boolean test, List<String> classes) {
    this(new IdxFolder(title, folder), test, classes, "");
  }

  /** The same, with what more to say if a file is not there. */
  IdxImages(IdxFolder files, boolean test, List<String> classes, String remark) {
    String part = IdxFolder.part(test);
    Path imageFile = files.find(part + "-images-idx3-ubyte", remark);
    this.labelFile = files.find(part + "-labels-idx1-ubyte", remark);
    this.classes = List.copyOf(classes);
    IdxFile images = IdxFile.read(imageFile, 3);
    IdxFile idxLabels = IdxFile.read(labelFile, 1);
    if (images.items() != idxLabels.items()) {
      throw new DataException(
          String.format(
              "%s holds %d images, %s holds %d labels; they don't belong together",
              imageFile, images.items(), labelFile, idxLabels.items()));
    }
    shape = new ImageShape(images.dimensions()[1], images.dimensions()[2], 1);
    pixels = images.bytes();
    labels = idxLabels.bytes();
    checkLabels();
  }

  /** MNIST (LeCun, Cortes, Burges 1998): handwritten digits, {@code 28x28x1}. */
  public static IdxImages mnist(Path folder, boolean test) {
    return new IdxImages("MNIST", folder, test, DIGITS);
  }

  /** Kuzushiji-MNIST (Clanuwat et al. 2018): cursive Japanese characters, {@code 28x28x1}. */
  public static IdxImages kuzushiji(Path folder, boolean test) {
    return new IdxImages("KMNIST", folder, test, KUZUSHIJI);
  }

  /**
   * How many images a part has, by the header of its file of labels; nothing else is read.
   *
   * @return empty if the file is not there
   * @throws DataException if the header is broken
   */
  public static OptionalInt sizeOf(Path folder, boolean test) {
    return new IdxFolder("", folder)
        .findIfThere(IdxFolder.part(test) + "-labels-idx1-ubyte")
        .map(file -> OptionalInt.of(IdxFile.itemsIn(file, 1)))
        .orElse(OptionalInt.empty());
  }

  @Override
  public final ImageShape shape() {
    return shape;
  }

  @Override
  public final List<String> classes() {
    return classes;
  }

  @Override
  public final int label(int index) {
    return labels[index];
  }

  @Override
  public final String name(int index) {
    return "image " + index + " of " + labelFile.resolveSibling(imagesBeside(labelFile));
  }

  @Override
  public final void read(int index, ByteBuffer target) {
    target.put(pixels, index * shape.bytes(), shape.bytes());
  }

  @Override
  protected final long availableSize() {
    return labels.length;
  }

  private static String imagesBeside(Path labelFile) {
    return labelFile.getFileName().toString().replace("labels-idx1", "images-idx3");
  }

  private void checkLabels() {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new DataException(
            String.format(
                "%s: the label of image %d is %d; expected 0 to %d",
                labelFile, i, labels[i] & 0xff, classes.size() - 1));
      }
    }
  }
}
