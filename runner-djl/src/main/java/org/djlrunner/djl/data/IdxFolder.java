package org.djlrunner.djl.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of the four files that MNIST and its kin come in, each gzipped or not.
 *
 * @param title what errors call the data set
 * @param folder where the files are
 */
record IdxFolder(String title, Path folder) {
  static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  /** How the names of a part's files begin. */
  static String part(boolean test) {
    return test ? "t10k" : "train";
  }

  /**
   * A file of the folder.
   *
   * @param remark what more to say if it is not there
   * @throws DataException if it is not there
   */
  Path find(String name, String remark) {
    return findIfThere(name).orElseThrow(() -> missing(name, remark));
  }

  /** The same, empty if it is not there. */
  Optional<Path> findIfThere(String name) {
    return Stream.of(name + ".gz", name)
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private DataException missing(String name, String remark) {
    return new DataException(
        String.format(
            "the data folder %s %s.%s Put %s's four files there (%s, each"
                + " with .gz) or point data_prefix to where they are",
            folder.toAbsolutePath().normalize(),
            Files.isDirectory(folder) ? "has no " + name + ".gz" : "does not exist",
            remark,
            title,
            String.join(", ", NAMES)));
  }
}
