package org.djlrunner.log.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads event files by the published format alone: TensorFlow's record framing, the wire format of
 * protocol buffers, {@code event.proto} and {@code summary.proto}. Shares no code with the writer,
 * its checksum included.
 */
final class EventReader {
  /** An event as read. */
  record Event(double wallTime, long step, String fileVersion, Map<String, Float> scalars) {}

  private EventReader() {}

  static List<Event> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      verify(in.getInt(), length, "length");
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      verify(in.getInt(), data, "data");
      events.add(event(data));
    }
    return events;
  }

  private static void verify(int masked, byte[] data, String what) {
    int unmasked = masked - 0xa282ead8;
    int crc = (unmasked << 15) | (unmasked >>> 17);
    if (crc != crc32c(data)) {
      throw new AssertionError("wrong checksum of " + what);
    }
  }

  /** Castagnoli's polynomial, bit by bit. */
  static int crc32c(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    return ~crc;
  }

  private static Event event(byte[] data) {
    Map<Integer, List<Object>> fields = fields(data);
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (Object summary : fields.getOrDefault(5, List.of())) {
      for (Object value : fields((byte[]) summary).getOrDefault(1, List.of())) {
        Map<Integer, List<Object>> entry = fields((byte[]) value);
        scalars.put(text(first(entry, 1)), Float.intBitsToFloat((Integer) first(entry, 2)));
      }
    }
    return new Event(
        Double.longBitsToDouble((Long) first(fields, 1)),
        fields.containsKey(2) ? ((Varint) first(fields, 2)).value() : 0,
        fields.containsKey(3) ? text(first(fields, 3)) : "",
        scalars);
  }

  private static Object first(Map<Integer, List<Object>> fields, int number) {
    return fields.getOrDefault(number, List.of()).get(0);
  }

  private static String text(Object field) {
    return new String((byte[]) field, StandardCharsets.UTF_8);
  }

  private record Varint(long value) {}

  /** Fields by number: varints, 8 bytes as Long, 4 bytes as Integer, the rest as bytes. */
  private static Map<Integer, List<Object>> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, List<Object>> fields = new TreeMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value =
          switch ((int) key & 7) {
            case 0 -> new Varint(varint(in));
            case 1 -> in.getLong();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            case 5 -> in.getInt();
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      fields.computeIfAbsent((int) (key >>> 3), number -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
