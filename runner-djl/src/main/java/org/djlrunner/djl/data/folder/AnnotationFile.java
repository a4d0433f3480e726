package org.djlrunner.djl.data.folder;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.folder.ListedImages.LabelledFile;

/**
 * A text file with a line for each image: its file, a space, and its class as a number from 0 or,
 * if the names of the classes are given, as one of these.
 */
public final class AnnotationFile {
  private AnnotationFile() {}

  /**
   * Reads the list; no image is looked for before it is asked for.
   *
   * @param file the list
   * @param root what its files are relative to
   * @param classes the names of the classes; empty for {@code 0}, {@code 1} and so on, up to the
   *     largest number in the file
   * @throws DataException if the file is missing or empty, or a line is wrong; names the line
   */
  public static ListedImages open(Path file, Path root, List<String> classes) {
    List<LabelledFile> found = new ArrayList<>();
    Map<String, Integer> byName = new HashMap<>();
    for (int label = 0; label < classes.size(); label++) {
      byName.put(classes.get(label), label);
    }
    int number = 0;
    int largest = 0;
    for (String line : lines(file)) {
      number++;
      String text = (number == 1 ? withoutMark(line) : line).strip();
      if (!text.isEmpty()) {
        LabelledFile image = image(file, number, text, classes, byName);
        largest = Math.max(largest, image.label());
        found.add(image);
      }
    }
    if (found.isEmpty()) {
      throw new DataException(file + " lists no images");
    }
    List<String> names =
        classes.isEmpty()
            ? IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList()
            : classes;
    return new ListedImages(root, names, found);
  }

  private static LabelledFile image(
      Path file, int number, String line, List<String> classes, Map<String, Integer> byName) {
    // A number is a class's place, as in MMClassification, also where classes are called by
    // numbers.
    Optional<LabelledFile> image = byNumber(line);
    if (image.isEmpty()) {
      image = byName(line, byName);
    }
    if (image.isEmpty()) {
      throw wrong(file, number, line, classes);
    }
    int label = image.get().label();
    if (label < 0 || (!classes.isEmpty() && label >= classes.size())) {
      throw new DataException(
          String.format(
              "%s:%d: the label of %s is %d; expected 0 to %s%s",
              file,
              number,
              image.get().file(),
              label,
              classes.isEmpty() ? "the number of classes" : classes.size() - 1,
              byName.containsKey(Integer.toString(label))
                  ? ": numbers are places in classes, also where one is called by that number"
                  : ""));
    }
    return image.get();
  }

  private static Optional<LabelledFile> byNumber(String line) {
    int space = lastSpace(line);
    String label = line.substring(space + 1);
    return space > 0 && label.matches("-?\\d{1,9}")
        ? Optional.of(new LabelledFile(line.substring(0, space).strip(), Integer.parseInt(label)))
        : Optional.empty();
  }

  /**
   * Names of classes may have spaces, as those of files; so every way to divide the line counts.
   */
  private static Optional<LabelledFile> byName(String line, Map<String, Integer> byName) {
    for (int i = 1; i < line.length(); i++) {
      Integer label =
          Character.isWhitespace(line.charAt(i)) ? byName.get(line.substring(i + 1)) : null;
      if (label != null) {
        return Optional.of(new LabelledFile(line.substring(0, i).strip(), label));
      }
    }
    return Optional.empty();
  }

  private static DataException wrong(Path file, int number, String line, List<String> classes) {
    int space = lastSpace(line);
    String label = line.substring(space + 1);
    String expected =
        classes.isEmpty()
            ? ""
            : " or a class" + (space > 0 ? NearNames.suggestion(label, classes) : "");
    return new DataException(
        String.format(
            "%s:%d: got '%s'; expected a file, a space and the number of its class%s",
            file, number, line, expected));
  }

  /** Without the mark that some editors put before UTF-8. */
  private static String withoutMark(String line) {
    return line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  private static int lastSpace(String line) {
    return Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
  }

  private static List<String> lines(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "there is no file " + file + "; ann_file should list the images and their classes");
    }
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new DataException(file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e, e);
    }
  }
}
