package org.djlrunner.djl.data.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder for each class. */
class ClassFoldersTest {
  @TempDir private Path root;

  @Test
  @DisplayName("Z12 folders are classes by name, their images in order, subfolders too")
  void classes() throws IOException {
    file("dog/b.JPG");
    file("dog/a.png");
    file("cat/more/z.jpeg");
    file("cat/c.jpg");
    file("cat/notes.txt");
    file("cat/._c.jpg");
    file(".cache/x.jpg");
    file("readme.jpg");

    ListedImages images = ClassFolders.open(root, List.of(), ImageExtensions.DEFAULT);

    assertThat(images.classes()).containsExactly("cat", "dog");
    assertThat(names(images))
        .containsExactly("cat/c.jpg 0", "cat/more/z.jpeg 0", "dog/a.png 1", "dog/b.JPG 1");
    assertThat(images.encoded(2)).asString().isEqualTo("dog/a.png");
  }

  @Test
  @DisplayName("Z12 classes chooses folders and their labels, extensions the files")
  void chosen() throws IOException {
    file("a/1.jpg");
    file("b/1.jpg");
    file("b/2.raw");
    file("c/1.jpg");
    file("c/2.raw");

    assertThat(names(ClassFolders.open(root, List.of("c", "a"), ImageExtensions.DEFAULT)))
        .containsExactly("c/1.jpg 0", "a/1.jpg 1");
    assertThat(
            names(ClassFolders.open(root, List.of("b", "c"), new ImageExtensions(List.of("RAW")))))
        .containsExactly("b/2.raw 0", "c/2.raw 1");
  }

  @Test
  @DisplayName("Z12 a class without a folder is refused with the name that is near")
  void nearName() throws IOException {
    file("airplane/1.jpg");
    file("automobile/1.jpg");

    assertRefused(
        List.of("airplane", "automobil"),
        "no folder for the class 'automobil', did you mean 'automobile'? It has airplane,"
            + " automobile");
  }

  @Test
  @DisplayName("Z12 folders without images, and roots without folders, are refused")
  void nothing() throws IOException {
    assertRefused(List.of(), root + " has no folders");
    file("a/1.jpg");
    file("b/1.txt");
    Files.createDirectory(root.resolve("c"));
    assertRefused(List.of(), "no images in the folders of b, c; looked for files that end with");
    assertThatThrownBy(
            () -> ClassFolders.open(root.resolve("x"), List.of(), ImageExtensions.DEFAULT))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(root.resolve("x") + " does not exist", "data_prefix");
  }

  @Test
  @DisplayName("Z12 an empty or vanished file is an error when it is read, and its name is told")
  void unreadable() throws IOException {
    file("a/1.jpg");
    Files.createFile(root.resolve("a/2.jpg"));
    ListedImages images = ClassFolders.open(root, List.of(), ImageExtensions.DEFAULT);
    Files.delete(root.resolve("a/1.jpg"));

    assertThat(images.name(0)).isEqualTo(root.resolve("a/1.jpg").toString());
    assertThatThrownBy(() -> images.encoded(0)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> images.encoded(1)).hasMessage("the file is empty");
  }

  private List<String> names(ListedImages images) {
    return IntStream.range(0, (int) images.size())
        .mapToObj(
            i ->
                root.relativize(Path.of(images.name(i))).toString().replace('\\', '/')
                    + " "
                    + images.label(i))
        .toList();
  }

  private void assertRefused(List<String> classes, String part) {
    assertThatThrownBy(() -> ClassFolders.open(root, classes, ImageExtensions.DEFAULT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(part);
  }

  private void file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
