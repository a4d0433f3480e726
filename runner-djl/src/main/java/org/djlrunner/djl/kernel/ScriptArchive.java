package org.djlrunner.djl.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive around the text of one class without state, as libtorch loads it.
 *
 * <p>An archive is a zip of four entries: the text, a pickle of one object of the class, a pickle
 * of an empty tuple of constants, and the format's version. The pickles never change, so they stand
 * here byte by byte.
 */
final class ScriptArchive {
  /** The class that a text must define. */
  static final String CLASS = "Kernels";

  /** How the text of a class without state begins; methods follow, indented by two spaces. */
  static final String HEADER =
      "class "
          + CLASS
          + "(Module):\n"
          + "  __parameters__ = []\n"
          + "  __buffers__ = []\n"
          + "  training : bool\n\n";

  private static final String FOLDER = "kernels/";
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** The archive of a text that defines {@link #CLASS}. */
  static byte[] of(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "data.pkl", object());
      add(zip, "code/__torch__.py", text.getBytes(StandardCharsets.UTF_8));
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  /**
   * A pickle, protocol 2: an object of the class whose only attribute is {@code training = True}.
   */
  private static byte[] object() {
    String pickle =
        "\u0080\u0002c__torch__\n" + CLASS + "\nq\0)\u0081}(X\b\0\0\0trainingq\1\u0088ubq\2.";
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Adds an entry uncompressed, as libtorch writes them. */
  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
