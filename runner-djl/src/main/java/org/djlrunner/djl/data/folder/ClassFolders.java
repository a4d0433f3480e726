package org.djlrunner.djl.data.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.folder.ListedImages.LabelledFile;

/** The layout of ImageNet and of torchvision's {@code ImageFolder}: a folder for each class. */
public final class ClassFolders {
  private static final int SHOWN = 10;

  private ClassFolders() {}

  /**
   * Finds the images of a folder, in order of class and name; folders within a class's count too.
   *
   * @param root its folders are the classes
   * @param classes which folders to take, in the order of their labels; empty for all, by name
   * @throws DataException if the folder is not there, a class has no folder, or a folder no images
   */
  public static ListedImages open(Path root, List<String> classes, ImageExtensions extensions) {
    List<String> folders = folders(root);
    if (folders.isEmpty()) {
      throw new DataException(
          String.format(
              "%s has no folders, and each class should be one; give ann_file if the classes stand"
                  + " in a file",
              root));
    }
    List<String> names = classes.isEmpty() ? folders : classes;
    requireFolders(root, names, folders);
    List<LabelledFile> found = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    for (int label = 0; label < names.size(); label++) {
      int before = found.size();
      addImages(root, names.get(label), label, extensions, found);
      if (found.size() == before) {
        empty.add(names.get(label));
      }
    }
    if (!empty.isEmpty()) {
      throw new DataException(
          String.format(
              "%s: no images in the folders of %s; looked for files that end with %s. Remove these"
                  + " folders, or name in classes the ones to take",
              root, shown(empty), extensions));
    }
    return new ListedImages(root, names, found);
  }

  private static List<String> folders(Path root) {
    if (!Files.isDirectory(root)) {
      throw new DataException(
          String.format(
              "the data folder %s %s; point data_prefix to the folder that holds the classes'",
              root.toAbsolutePath().normalize(),
              Files.exists(root) ? "is no folder" : "does not exist"));
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException("cannot list " + root + ": " + e, e);
    }
  }

  private static void requireFolders(Path root, List<String> names, List<String> folders) {
    for (String name : names) {
      if (!folders.contains(name)) {
        throw new DataException(
            String.format(
                "%s has no folder for the class '%s'%s It has %s",
                root, name, sentence(NearNames.suggestion(name, folders)), shown(folders)));
      }
    }
  }

  private static void addImages(
      Path root, String name, int label, ImageExtensions extensions, List<LabelledFile> found) {
    try (Stream<Path> files = Files.walk(root.resolve(name), FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(file -> extensions.matches(file.getFileName().toString()))
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .forEach(file -> found.add(new LabelledFile(file, label)));
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("cannot list " + root.resolve(name) + ": " + e, e);
    }
  }

  private static String sentence(String suggestion) {
    return suggestion.isEmpty() ? "." : suggestion;
  }

  private static String shown(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " more";
  }
}
