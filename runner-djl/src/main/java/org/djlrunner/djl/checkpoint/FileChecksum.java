package org.djlrunner.djl.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of a whole file, kept in its header as eight digits at a fixed place, which count as
 * zeros.
 *
 * <p>The blank behind the first brace tells headers of ours from copies of their metadata that
 * another program wrote, whose checksum would be that of another file.
 */
final class FileChecksum {
  /** The metadata's name for it. */
  static final String NAME = "file_crc32c";

  /** How a header with a checksum begins. */
  static final String OPENING = "{ \"" + Safetensors.METADATA + "\":{\"" + NAME + "\":\"";

  /** What a header holds until the checksum is known. */
  static final String UNKNOWN = "00000000";

  /** Where the digits begin, counted from the start of the file. */
  static final int PLACE = Long.BYTES + OPENING.length();

  private static final int LENGTH = UNKNOWN.length();

  private final CRC32C crc = new CRC32C();

  /**
   * Begins with a file's first bytes.
   *
   * @param head length and header; the digits are taken for zeros where there is a checksum
   */
  FileChecksum(byte[] head) {
    if (begins(head)) {
      crc.update(head, 0, PLACE);
      crc.update(UNKNOWN.getBytes(US_ASCII));
      crc.update(head, PLACE + LENGTH, head.length - PLACE - LENGTH);
    } else {
      crc.update(head);
    }
  }

  /** Takes the file's next bytes; leaves none remaining. */
  void update(ByteBuffer next) {
    crc.update(next);
  }

  /** The checksum of what has come. */
  int value() {
    return (int) crc.getValue();
  }

  /** A value as it stands in a file: eight hexadecimal digits in lower case. */
  static String digits(int value) {
    return String.format(Locale.ROOT, "%08x", value);
  }

  /**
   * The checksum that a file's first bytes hold.
   *
   * @param head length and header
   * @return empty if there is none, as in files of other programs
   * @throws CheckpointFormatException if something else stands in its place
   */
  static OptionalInt in(Path file, byte[] head) throws CheckpointFormatException {
    if (!begins(head)) {
      return OptionalInt.empty();
    }
    String digits = new String(head, PLACE, LENGTH, US_ASCII);
    if (!digits.matches("[0-9a-f]{8}") || head[PLACE + LENGTH] != '"') {
      throw new CheckpointFormatException(file, "is damaged: its checksum has no eight digits");
    }
    return OptionalInt.of(HexFormat.fromHexDigits(digits));
  }

  private static boolean begins(byte[] head) {
    byte[] opening = OPENING.getBytes(US_ASCII);
    return head.length > PLACE + LENGTH
        && Arrays.equals(head, Long.BYTES, PLACE, opening, 0, opening.length);
  }
}
