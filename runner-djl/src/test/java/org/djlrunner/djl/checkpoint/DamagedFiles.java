package org.djlrunner.djl.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Files that are damaged at random, and headers that mean harm: the same for the same seed. */
final class DamagedFiles {
  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "-0",
          "0",
          "1",
          "3",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "-9223372036854775808",
          "1" + "0".repeat(90),
          "9".repeat(2_000),
          "1e3",
          "1E999999999",
          "4.0",
          "0x10",
          "NaN",
          "null",
          "true",
          "\"4\"",
          "[]",
          "{}");
  private static final List<String> TYPES =
      List.of("F64", "F32", "F16", "BF16", "I64", "U8", "U16", "F8_E5M2", "", "\\ud800", "F32 ");

  private final List<byte[]> whole;
  private final Random random;

  /**
   * One case.
   *
   * @param whole files that are well formed
   */
  DamagedFiles(List<byte[]> whole, long seed) {
    this.whole = whole;
    this.random = new Random(seed);
  }

  /** The file. */
  byte[] file() {
    byte[] file = any();
    return switch (random.nextInt(13)) {
      case 0 -> slice(file, 0, random.nextInt(file.length));
      case 1 -> flipped(file, file.length);
      case 2 -> flipped(file, Math.min(file.length, Long.BYTES + headerLength(file)));
      case 3 -> withLength(file);
      case 4 -> numberReplaced(file);
      case 5 -> inserted(file, noise(1 + random.nextInt(16)));
      case 6 -> inserted(file, deep());
      case 7 -> spliced(file, any());
      case 8 -> cutOut(file);
      case 9 -> inserted(file, slice(file, random.nextInt(file.length), random.nextInt(64)));
      case 10 -> noise(random.nextInt(300));
      case 11 -> HandWritten.file(header(), random.nextInt(64));
      default -> file;
    };
  }

  private byte[] any() {
    return whole.get(random.nextInt(whole.size())).clone();
  }

  private byte[] flipped(byte[] file, int within) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      file[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
    return file;
  }

  private byte[] withLength(byte[] file) {
    long length =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong();
          case 1 -> random.nextInt();
          case 2 -> headerLength(file) + random.nextInt(17) - 8L;
          default -> 1L << random.nextInt(64);
        };
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return file;
  }

  /** One number of the header is another, and the header's length is right. */
  private byte[] numberReplaced(byte[] file) {
    int end = Long.BYTES + headerLength(file);
    String header = new String(file, Long.BYTES, end - Long.BYTES, StandardCharsets.ISO_8859_1);
    int at = random.nextInt(header.length());
    while (at < header.length() && !Character.isDigit(header.charAt(at))) {
      at++;
    }
    int to = at;
    while (to < header.length() && Character.isDigit(header.charAt(to))) {
      to++;
    }
    String changed = header.substring(0, at) + oneOf(NUMBERS) + header.substring(to);
    return HandWritten.file(
        changed.getBytes(StandardCharsets.ISO_8859_1), slice(file, end, file.length - end));
  }

  /** Something is inserted; within the header its length follows half of the time. */
  private byte[] inserted(byte[] file, byte[] what) {
    int at = random.nextInt(file.length + 1);
    byte[] longer = joined(slice(file, 0, at), what, slice(file, at, file.length - at));
    int header = headerLength(file);
    if (at >= Long.BYTES && at < Long.BYTES + header && random.nextBoolean()) {
      ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putLong(header + (long) what.length);
    }
    return longer;
  }

  private byte[] spliced(byte[] one, byte[] other) {
    int to = random.nextInt(one.length);
    int from = random.nextInt(other.length);
    return joined(slice(one, 0, to), slice(other, from, other.length - from));
  }

  private byte[] cutOut(byte[] file) {
    int from = random.nextInt(file.length);
    int to = from + random.nextInt(file.length - from);
    return joined(slice(file, 0, from), slice(file, to, file.length - to));
  }

  private byte[] deep() {
    String opening = random.nextBoolean() ? "[" : "{\"a\":";
    return opening.repeat(1 + random.nextInt(5_000)).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /** Tensors that overlap, leave gaps or have sizes that overflow, as JSON that is well formed. */
  private String header() {
    StringBuilder header = new StringBuilder("{");
    int tensors = random.nextInt(6);
    for (int i = 0; i < tensors; i++) {
      header.append(i == 0 ? "" : ",");
      header.append('"').append(random.nextInt(20) == 0 ? "t0" : "t" + i).append("\":{");
      header.append("\"dtype\":\"").append(oneOf(TYPES)).append("\",\"shape\":[");
      int dimensions = random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(4);
      for (int k = 0; k < dimensions; k++) {
        header.append(k == 0 ? "" : ",").append(number());
      }
      header.append("],\"data_offsets\":[").append(number()).append(',').append(number());
      header.append("]}");
    }
    return header.append('}').toString();
  }

  private String number() {
    return random.nextInt(4) == 0 ? oneOf(NUMBERS) : String.valueOf(random.nextInt(9));
  }

  private String oneOf(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private static int headerLength(byte[] file) {
    return Math.toIntExact(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  private static byte[] slice(byte[] file, int from, int length) {
    byte[] slice = new byte[Math.min(length, file.length - from)];
    System.arraycopy(file, from, slice, 0, slice.length);
    return slice;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
