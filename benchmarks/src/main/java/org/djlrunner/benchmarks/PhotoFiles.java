package org.djlrunner.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.djl.data.EncodedImages;

/**
 * Photos in a folder for each class, read anew each time.
 *
 * @param files sorted
 * @param classes the folders' names, sorted
 */
record PhotoFiles(List<Path> files, List<String> classes) implements EncodedImages {
  static PhotoFiles in(Path folder) {
    try (Stream<Path> all = Files.walk(folder, 2)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      return new PhotoFiles(files, files.stream().map(PhotoFiles::folder).distinct().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("photos can't be listed in " + folder, e);
    }
  }

  @Override
  public long size() {
    return files.size();
  }

  @Override
  public int label(int index) {
    return classes.indexOf(folder(files.get(index)));
  }

  @Override
  public byte[] encoded(int index) throws IOException {
    return Files.readAllBytes(files.get(index));
  }

  private static String folder(Path file) {
    return String.valueOf(file.getName(file.getNameCount() - 2));
  }
}
