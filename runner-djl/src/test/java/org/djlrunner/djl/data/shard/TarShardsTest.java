package org.djlrunner.djl.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.folder.ImageExtensions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebDataset's layout, with tar files that the test writes. */
class TarShardsTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("Z13 what macOS puts beside files is no sample")
  void macOs() throws IOException {
    tar("s.tar", "._a.jpg", "x", "a.jpg", "A", "._a.cls", "x", "a.cls", "1");
    assertThat(open(List.of(), "s.tar").size()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "Z13 samples are files of one stem; labels are text or JSON; shards follow each other")
  void samples() throws IOException {
    tar(
        "s-0.tar",
        "x/a.jpg",
        "A",
        "x/a.cls",
        "1",
        "x/a.seg.png",
        "mask",
        "b.cls",
        " 0\n",
        "b.png",
        "BB");
    tar("s-1.tar", "c.json", "{\"label\": 2, \"w\": 3}", "c.jpg", "CCC", "README", "no stem");

    TarShards shards = open(List.of(), "s-0.tar", "s-1.tar");

    assertThat(shards.size()).isEqualTo(3);
    assertThat(shards.classes()).containsExactly("0", "1", "2");
    assertThat(List.of(shards.label(0), shards.label(1), shards.label(2))).containsExactly(1, 0, 2);
    assertThat(text(shards, 0)).isEqualTo("A");
    assertThat(text(shards, 1)).isEqualTo("BB");
    assertThat(text(shards, 2)).isEqualTo("CCC");
    assertThat(shards.name(2)).isEqualTo(folder.resolve("s-1.tar") + "!c");
  }

  @Test
  @DisplayName("Z13 classes may be names")
  void names() throws IOException {
    tar("s.tar", "a.jpg", "A", "a.cls", "dog", "b.jpg", "B", "b.json", "{\"label\": \"cat\"}");

    TarShards shards = open(List.of("cat", "dog"), "s.tar");

    assertThat(shards.label(0)).isEqualTo(1);
    assertThat(shards.label(1)).isEqualTo(0);
    assertThatThrownBy(() -> open(List.of("cat", "dogs"), "s.tar"))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            "the class of sample 0 (" + folder.resolve("s.tar") + "!a) is 'dog'",
            "did you mean 'dogs'?");
    assertThatThrownBy(() -> open(List.of(), "s.tar")).hasMessageContaining("give classes");
  }

  @Test
  @DisplayName("Z13 a number is a class's place, also where classes are called by numbers")
  void numbers() throws IOException {
    tar("s.tar", "a.jpg", "A", "a.cls", "1", "b.jpg", "B", "b.cls", "0");
    TarShards shards = open(List.of("1", "2"), "s.tar");
    assertThat(List.of(shards.label(0), shards.label(1))).containsExactly(1, 0);
  }

  @Test
  @DisplayName("Z13 a label out of range is refused with the sample")
  void range() throws IOException {
    tar("s.tar", "a.jpg", "A", "a.cls", "0", "b.jpg", "B", "b.cls", "2");

    assertThatThrownBy(() -> open(List.of("x", "y"), "s.tar"))
        .hasMessageContaining("the label of sample 1 (" + folder.resolve("s.tar") + "!b) is 2")
        .hasMessageContaining("0 to 1");
  }

  @Test
  @DisplayName("Z13 samples that are not whole, and shards that are no tar files, are refused")
  void broken() throws IOException {
    tar("nolabel.tar", "a.jpg", "A", "b.jpg", "B", "b.cls", "1");
    assertRefused("nolabel.tar", "a.jpg has no label beside it; expected a.cls or .json");
    tar("twice.tar", "a.jpg", "A", "a.png", "A", "a.cls", "1");
    assertRefused("twice.tar", "a.png is a second image of its sample, beside a.jpg");
    tar(
        "apart.tar",
        "a.jpg",
        "A",
        "a.cls",
        "1",
        "b.jpg",
        "B",
        "b.cls",
        "1",
        "a.jpg",
        "A",
        "a.cls",
        "1");
    assertRefused("apart.tar", "has the sample a twice");
    tar("json.tar", "a.jpg", "A", "a.json", "{\"class\": 1}");
    assertRefused("json.tar", "a.json has no number or text 'label': {\"class\": 1}");
    tar("nojson.tar", "a.jpg", "A", "a.json", "{");
    assertRefused("nojson.tar", "a.json is no JSON");
    tar("none.tar", "a.txt", "A");
    assertRefused("none.tar", "holds no samples");
    assertRefused("missing.tar", "there is no file");
    Files.writeString(folder.resolve("text.tar"), "x".repeat(2000));
    assertRefused("text.tar", "is truncated or no tar file");
    tar("whole.tar", "a.jpg", "A".repeat(5000), "a.cls", "1");
    byte[] whole = Files.readAllBytes(folder.resolve("whole.tar"));
    Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, 3000));
    assertRefused("cut.tar", "is truncated or no tar file");
  }

  @Test
  @DisplayName("Z13 a shard that shrinks while it is used is an error of the sample")
  void shrunk() throws IOException {
    tar("s.tar", "a.jpg", "A".repeat(5000), "a.cls", "1");
    TarShards shards = open(List.of(), "s.tar");
    Files.write(folder.resolve("s.tar"), new byte[600]);

    assertThatThrownBy(() -> shards.encoded(0))
        .isInstanceOf(IOException.class)
        .hasMessage("the shard ends within the image");
  }

  @Test
  @DisplayName("Z13 braces hold ranges")
  void pattern() {
    assertThat(ShardPattern.expand("a/s-{008..011}.tar"))
        .containsExactly("a/s-008.tar", "a/s-009.tar", "a/s-010.tar", "a/s-011.tar");
    assertThat(ShardPattern.expand("{0..1}/s-{2..3}.tar"))
        .containsExactlyInAnyOrder("0/s-2.tar", "0/s-3.tar", "1/s-2.tar", "1/s-3.tar");
    assertThat(ShardPattern.expand("one.tar")).containsExactly("one.tar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s-{3..1}.tar", "s-{a..b}.tar", "s-{1,2}.tar", "s-1}.tar", "s-{0..9999999}.tar"})
  @DisplayName("Z13 braces that hold no range are refused")
  void noPattern(String pattern) {
    assertThatThrownBy(() -> ShardPattern.expand(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("range");
  }

  private TarShards open(List<String> classes, String... names) {
    List<Path> files = Arrays.stream(names).map(folder::resolve).toList();
    return new TarShards(files, classes, ImageExtensions.DEFAULT, "label");
  }

  private void assertRefused(String name, String part) {
    assertThatThrownBy(() -> open(List.of(), name))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(folder.resolve(name).toString())
        .hasMessageContaining(part);
  }

  private static String text(TarShards shards, int index) throws IOException {
    return new String(shards.encoded(index), StandardCharsets.UTF_8);
  }

  /** Writes a tar file of names and contents. */
  private void tar(String name, String... files) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      for (int i = 0; i < files.length; i += 2) {
        byte[] content = files[i + 1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(files[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
  }
}
