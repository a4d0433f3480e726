package org.djlrunner.djl.data.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.djlrunner.djl.data.DataException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** CIFAR in its layouts, and what is said when its files are broken. */
class CifarTest {
  @TempDir private Path data;

  @ParameterizedTest
  @CsvSource({
    "CIFAR10, BINARY, cifar-10-batches-bin, cifar-10-binary.tar.gz",
    "CIFAR10, PYTHON, cifar-10-batches-py, cifar-10-python.tar.gz",
    "CIFAR100, BINARY, cifar-100-binary, cifar-100-binary.tar.gz",
    "CIFAR100, PYTHON, cifar-100-python, cifar-100-python.tar.gz"
  })
  @DisplayName("Z09 every layout gives the same images, from a folder or its archive")
  void layouts(CifarKind kind, CifarLayout layout, String folder, String archive)
      throws IOException {
    Path files = data.resolve(folder);
    CifarFixture.write(kind, layout, files);
    Path packed = Files.createDirectory(data.resolve("packed")).resolve(archive);
    CifarFixture.pack(files, packed);

    for (Path prefix : new Path[] {files, data, packed.getParent(), packed}) {
      check(kind, new Cifar(kind, prefix, false), 0, kind == CifarKind.CIFAR10 ? 5 : 1);
      check(kind, new Cifar(kind, prefix, true), kind == CifarKind.CIFAR10 ? 5 : 1, 1);
    }
    assertThat(packed.getParent()).isDirectoryNotContaining("glob:**/*.bin");
  }

  private static void check(CifarKind kind, Cifar images, int firstFile, int files) {
    int index = 0;
    for (int file = firstFile; file < firstFile + files; file++) {
      for (int i = 0; i < (firstFile > 0 ? 1 : file + 1); i++) {
        assertThat(images.label(index)).isEqualTo(CifarFixture.label(kind, file, i));
        ByteBuffer pixels = ByteBuffer.allocate(images.shape().bytes());
        images.read(index, pixels);
        assertThat(pixels.get((5 * 32 + 9) * 3 + 1) & 0xff)
            .isEqualTo(CifarFixture.pixel(file, i, 1, 5, 9));
        assertThat(pixels.get(3071) & 0xff).isEqualTo(CifarFixture.pixel(file, i, 2, 31, 31));
        assertThat(images.name(index)).startsWith("image " + i + " of ");
        index++;
      }
    }
    assertThat(images.size()).isEqualTo(index);
    assertThat(images.classes()).hasSize(kind == CifarKind.CIFAR10 ? 10 : 100);
  }

  @Test
  @DisplayName("Z15 the number of images follows from the sizes of binary files, unread")
  void outline() throws IOException {
    CifarFixture.write(CifarKind.CIFAR10, CifarLayout.BINARY, data.resolve("bin"));
    CifarFixture.write(CifarKind.CIFAR10, CifarLayout.PYTHON, data.resolve("py"));

    assertThat(Cifar.sizeOf(CifarKind.CIFAR10, data.resolve("bin"), false)).hasValue(15);
    assertThat(Cifar.sizeOf(CifarKind.CIFAR10, data.resolve("bin"), true)).hasValue(1);
    assertThat(Cifar.sizeOf(CifarKind.CIFAR10, data.resolve("py"), false)).isEmpty();
    assertThat(Cifar.sizeOf(CifarKind.CIFAR10, data.resolve("none"), false)).isEmpty();
  }

  @Test
  @DisplayName("Z11 a truncated, an empty and a missing file are named with offset or reason")
  void broken() throws IOException {
    CifarFixture.write(CifarKind.CIFAR10, CifarLayout.BINARY, data);
    Path second = data.resolve("data_batch_2.bin");
    Files.write(second, Arrays.copyOf(Files.readAllBytes(second), 4000));

    assertRefused(second + " is truncated", "ends at offset 4000, within record 1", "at 3073");
    Files.write(second, new byte[0]);
    assertRefused(second + " is empty");
    Files.delete(second);
    assertRefused("there is no file " + second);
  }

  @Test
  @DisplayName("Z11 a label out of range is named with its image and offset")
  void label() throws IOException {
    CifarFixture.write(CifarKind.CIFAR10, CifarLayout.BINARY, data);
    Path third = data.resolve("data_batch_3.bin");
    byte[] bytes = Files.readAllBytes(third);
    bytes[2 * 3073] = (byte) 200;
    Files.write(third, bytes);

    assertRefused(third + ": the label of image 2 is 200 (offset 6146); expected 0 to 9");
  }

  @Test
  @DisplayName("Z11 a folder without the files says what was expected")
  void missing() {
    assertRefused(
        data.toString(), "has no CIFAR-10", "cifar-10-batches-bin", "cifar-10-python.tar.gz");
  }

  @Test
  @DisplayName("Z11 a damaged archive is named")
  void damaged() throws IOException {
    Path folder = data.resolve("cifar-10-batches-bin");
    CifarFixture.write(CifarKind.CIFAR10, CifarLayout.BINARY, folder);
    Path archive = data.resolve("cifar-10-binary.tar.gz");
    CifarFixture.pack(folder, archive);
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> new Cifar(CifarKind.CIFAR10, archive, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(archive + " is truncated or damaged");
    Files.write(archive, new byte[100]);
    assertThatThrownBy(() -> new Cifar(CifarKind.CIFAR10, archive, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(archive.toString());
  }

  @ParameterizedTest
  @EnumSource(CifarKind.class)
  @DisplayName("Z09 class names are the makers', each once")
  void classes(CifarKind kind) {
    assertThat(kind.classes()).doesNotHaveDuplicates().isSorted();
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> new Cifar(CifarKind.CIFAR10, data, false))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(parts);
  }
}
