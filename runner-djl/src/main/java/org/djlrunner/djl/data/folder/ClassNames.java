package org.djlrunner.djl.data.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.djlrunner.djl.data.DataException;

/** The names of classes, from a text file with one a line. */
public final class ClassNames {
  private ClassNames() {}

  /**
   * Reads them; empty lines don't count.
   *
   * @throws DataException if the file is missing, has no names or one twice
   */
  public static List<String> read(Path file) {
    try {
      List<String> names =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (names.isEmpty()) {
        throw new DataException(file + " has no names of classes; expected one a line");
      }
      Set<String> seen = new HashSet<>();
      for (String name : names) {
        if (!seen.add(name)) {
          throw new DataException(file + " has the class '" + name + "' twice");
        }
      }
      return names;
    } catch (NoSuchFileException e) {
      throw new DataException("there is no file " + file + " with the names of the classes", e);
    } catch (IOException e) {
      throw new DataException("cannot read the names of the classes from " + file + ": " + e, e);
    }
  }
}
