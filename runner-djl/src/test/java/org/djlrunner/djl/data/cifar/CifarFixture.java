package org.djlrunner.djl.data.cifar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small CIFAR files in every layout; image {@code i} of file {@code f} is its own pattern. */
final class CifarFixture {
  private CifarFixture() {}

  static int label(CifarKind kind, int file, int image) {
    return (7 * file + 3 * image + 2) % kind.classes().size();
  }

  /** The value of a pixel. */
  static int pixel(int file, int image, int channel, int row, int column) {
    return (file * 50 + image * 20 + channel * 85 + row * 3 + column) & 0xff;
  }

  static byte[] planes(int file, int images) {
    byte[] planes = new byte[images * 3072];
    int at = 0;
    for (int i = 0; i < images; i++) {
      for (int c = 0; c < 3; c++) {
        for (int row = 0; row < 32; row++) {
          for (int column = 0; column < 32; column++) {
            planes[at++] = (byte) pixel(file, i, c, row, column);
          }
        }
      }
    }
    return planes;
  }

  static byte[] binary(CifarKind kind, int file, int images) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] planes = planes(file, images);
    for (int i = 0; i < images; i++) {
      if (kind == CifarKind.CIFAR100) {
        out.write(99);
      }
      out.write(label(kind, file, i));
      out.write(planes, i * 3072, 3072);
    }
    return out.toByteArray();
  }

  static byte[] pickle(CifarKind kind, int file, int images) {
    int[] labels = new int[images];
    for (int i = 0; i < images; i++) {
      labels[i] = label(kind, file, i);
    }
    return PickleBytes.batch(kind.labelKey(), labels, planes(file, images));
  }

  /** Writes all files of a layout: file {@code f} has {@code f + 1} images, the test part one. */
  static void write(CifarKind kind, CifarLayout layout, Path folder) throws IOException {
    Files.createDirectories(folder);
    int file = 0;
    for (boolean test : new boolean[] {false, true}) {
      for (String name : kind.files(layout, test)) {
        int images = test ? 1 : file + 1;
        Files.write(
            folder.resolve(name),
            layout == CifarLayout.BINARY ? binary(kind, file, images) : pickle(kind, file, images));
        file++;
      }
    }
  }

  /** Packs a folder's files as the makers do. */
  static void pack(Path folder, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file));
        var files = Files.list(folder)) {
      for (Path path : files.sorted().toList()) {
        TarArchiveEntry entry =
            new TarArchiveEntry(folder.getFileName() + "/" + path.getFileName());
        entry.setSize(Files.size(path));
        tar.putArchiveEntry(entry);
        Files.copy(path, tar);
        tar.closeArchiveEntry();
      }
    }
  }
}
