package org.djlrunner.djl.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 training and 10,000 test images of clothes,
 * {@code 28x28x1}, in ten classes, from the standard IDX files.
 */
public final class FashionMnist extends IdxImages {
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
    super(
        new IdxFolder("Fashion-MNIST", folder),
        test,
        CLASSES,
        FashionMnistFiles.fetchIfNoneIsThere(folder));
  }
}
