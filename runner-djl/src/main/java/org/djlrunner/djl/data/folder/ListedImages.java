package org.djlrunner.djl.data.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.djl.data.EncodedImages;

/**
 * Image files of any size, each with its class.
 *
 * <p>Which files there are is known once it is made; they are opened when they are asked for.
 */
public final class ListedImages implements EncodedImages {
  private final Path root;
  private final List<String> classes;
  private final String[] files;
  private final int[] labels;

  /**
   * A data set of the files found.
   *
   * @param root what their names are relative to
   */
  ListedImages(Path root, List<String> classes, List<LabelledFile> found) {
    this.root = root;
    this.classes = List.copyOf(classes);
    this.files = found.stream().map(LabelledFile::file).toArray(String[]::new);
    this.labels = found.stream().mapToInt(LabelledFile::label).toArray();
  }

  /**
   * A file and its class.
   *
   * @param file relative to the data set's root
   * @param label an index into the classes
   */
  record LabelledFile(String file, int label) {}

  @Override
  public long size() {
    return files.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return path(index).toString();
  }

  @Override
  public byte[] encoded(int index) throws IOException {
    byte[] bytes = Files.readAllBytes(path(index));
    if (bytes.length == 0) {
      throw new IOException("the file is empty");
    }
    return bytes;
  }

  private Path path(int index) {
    return root.resolve(files[index]);
  }
}
