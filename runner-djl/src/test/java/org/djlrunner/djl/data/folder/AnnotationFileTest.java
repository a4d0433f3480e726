package org.djlrunner.djl.data.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list of files with their classes. */
class AnnotationFileTest {
  private static final List<String> CLASSES = List.of("cat", "tabby cat", "dog");

  @TempDir private Path root;

  @Test
  @DisplayName(
      "Z12 a line is a file and the number or the name of its class; files may have spaces")
  void lines() throws IOException {
    ListedImages images =
        open("a.jpg 2", "b c.jpg\t0", "", "d.jpg tabby cat", "e f.jpg cat", "  g.jpg   1  ");

    assertThat(images.size()).isEqualTo(5);
    assertThat(images.classes()).isEqualTo(CLASSES);
    assertThat(labels(images)).containsExactly(2, 0, 1, 0, 1);
    assertThat(images.name(1)).isEqualTo(root.resolve("b c.jpg").toString());
    assertThat(images.name(2)).isEqualTo(root.resolve("d.jpg").toString());
    assertThat(images.name(3)).isEqualTo(root.resolve("e f.jpg").toString());
  }

  @Test
  @DisplayName("Z12 without names the classes are the numbers up to the largest")
  void numbers() throws IOException {
    Path list = Files.writeString(root.resolve("list.txt"), "a.jpg 0\nb.jpg 3\n");

    assertThat(AnnotationFile.open(list, root, List.of()).classes())
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  @DisplayName("Z12 a number is a class's place, whatever it is called; a mark is no name's part")
  void numbersAsNames() throws IOException {
    Path list = Files.writeString(root.resolve("list.txt"), "\uFEFFa.jpg 1\nb.jpg 0\n");
    ListedImages images = AnnotationFile.open(list, root, List.of("1", "2"));

    assertThat(labels(images)).containsExactly(1, 0);
    assertThat(images.name(0)).isEqualTo(root.resolve("a.jpg").toString());
    Files.writeString(list, "a.jpg 2\n");
    assertThatThrownBy(() -> AnnotationFile.open(list, root, List.of("1", "2")))
        .hasMessageContaining("is 2; expected 0 to 1: numbers are places in classes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "a.jpg 3 # :1: the label of a.jpg is 3; expected 0 to 2",
        "a.jpg -1 # :1: the label of a.jpg is -1; expected 0 to 2",
        "a.jpg # :1: got 'a.jpg'; expected a file, a space and the number of its class or a class",
        "a.jpg dogg # :1: got 'a.jpg dogg'; expected a file, a space and the number of its class or a"
            + " class, did you mean 'dog'?"
      })
  @DisplayName("Z12 a wrong line is named with its number")
  void wrong(String line, String message) {
    assertThatThrownBy(() -> open(line))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(root.resolve("list.txt").toString())
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("Z12 a missing and an empty list are refused, as are lists of classes")
  void missing() throws IOException {
    assertThatThrownBy(() -> AnnotationFile.open(root.resolve("none.txt"), root, CLASSES))
        .hasMessageContaining("there is no file " + root.resolve("none.txt"));
    assertThatThrownBy(() -> open("", " ")).hasMessageContaining("lists no images");
    Path names = Files.writeString(root.resolve("names.txt"), "cat\n\ndog\ncat\n");
    assertThatThrownBy(() -> ClassNames.read(names)).hasMessageContaining("'cat' twice");
    Files.writeString(names, "\n");
    assertThatThrownBy(() -> ClassNames.read(names)).hasMessageContaining("has no names");
    Files.writeString(names, "cat\ndog \n");
    assertThat(ClassNames.read(names)).containsExactly("cat", "dog");
  }

  private ListedImages open(String... lines) throws IOException {
    Path list = Files.writeString(root.resolve("list.txt"), String.join("\n", lines));
    return AnnotationFile.open(list, root, CLASSES);
  }

  private static int[] labels(ListedImages images) {
    return IntStream.range(0, (int) images.size()).map(images::label).toArray();
  }
}
