package org.djlrunner.djl.data.cifar;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.cifar.PickleValue.EmptyArray;
import org.djlrunner.djl.data.cifar.PickleValue.Mark;
import org.djlrunner.djl.data.cifar.PickleValue.None;
import org.djlrunner.djl.data.cifar.PickleValue.Tuple;

/**
 * Reads the pickles that CIFAR is published in, and no others.
 *
 * <p>A pickle is a program for a small stack machine; Python runs whatever it names. This reader
 * knows the operations that those files consist of, and three names of NumPy's, which it builds as
 * plain values ({@link PickledNumpy}); any other operation or name is refused with its offset. What
 * is built is no larger than the file. Texts are {@code String}s as dictionary keys and {@code
 * byte[]} elsewhere, as Python 2 made no difference between texts and bytes.
 */
final class PickleReader {
  private static final int PROTOCOL = 2;

  private final String file;
  private final ByteBuffer in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int offset;

  PickleReader(String file, byte[] content) {
    this.file = file;
    this.in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the one value that a pickle holds.
   *
   * @throws DataException if it is truncated, or does anything that CIFAR's files don't
   */
  Object read() {
    if (!in.hasRemaining()) {
      throw new DataException(file + " is empty; fetch it again");
    }
    while (true) {
      offset = in.position();
      int operation = unsignedByte();
      if (operation == '.') {
        return pop(Object.class);
      }
      run(operation);
    }
  }

  private void run(int operation) {
    switch (operation) {
      case 0x80 -> protocol();
      case '(' -> stack.push(Mark.MARK);
      case '}' -> stack.push(new LinkedHashMap<String, Object>());
      case ']' -> stack.push(new ArrayList<>());
      case 'N' -> stack.push(None.NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'K' -> stack.push(unsignedByte());
      case 'M' -> stack.push(unsignedByte() | unsignedByte() << 8);
      case 'J' -> stack.push(integer());
      case 'U' -> stack.push(bytes(unsignedByte()));
      case 'T' -> stack.push(bytes(integer()));
      case 'q' -> memo.put(unsignedByte(), peek());
      case 'r' -> memo.put(integer(), peek());
      case 'h' -> stack.push(remembered(unsignedByte()));
      case 'j' -> stack.push(remembered(integer()));
      case 't' -> stack.push(new Tuple(untilMark()));
      case 0x85 -> stack.push(tuple(1));
      case 0x86 -> stack.push(tuple(2));
      case 0x87 -> stack.push(tuple(3));
      case 'a' -> append(List.of(pop(Object.class)));
      case 'e' -> append(untilMark());
      case 's' -> set(tuple(2).items());
      case 'u' -> set(untilMark());
      case 'c' -> stack.push(PickledNumpy.name(line(), line(), this::refused));
      case 'R' -> reduce();
      case 'b' -> build();
      default ->
          throw refused(
              String.format(
                  "operation 0x%02x%s, which CIFAR's files don't have",
                  operation,
                  operation > 0x20 && operation < 0x7f ? " '" + (char) operation + "'" : ""));
    }
  }

  private void protocol() {
    int protocol = unsignedByte();
    if (protocol > PROTOCOL) {
      throw refused("protocol " + protocol + "; CIFAR's files have " + PROTOCOL);
    }
  }

  private void reduce() {
    Tuple arguments = pop(Tuple.class);
    stack.push(PickledNumpy.reduced(pop(PickleValue.Name.class), arguments.items(), this::refused));
  }

  private void build() {
    Tuple state = pop(Tuple.class);
    Object built = pop(Object.class);
    Object whole = PickledNumpy.built(built, state.items(), this::refused);
    stack.push(whole);
    if (built == EmptyArray.EMPTY) {
      // It was remembered before it had its content.
      memo.replaceAll((key, value) -> value == EmptyArray.EMPTY ? whole : value);
    }
  }

  @SuppressWarnings("unchecked") // Every list and dictionary on the stack was made in run().
  private void append(List<Object> values) {
    if (!(peek() instanceof List<?> list)) {
      throw refused("an append to something that is no list");
    }
    ((List<Object>) list).addAll(values);
  }

  @SuppressWarnings("unchecked")
  private void set(List<Object> entries) {
    if (!(peek() instanceof Map<?, ?> map) || entries.size() % 2 != 0) {
      throw refused("entries of something that is no dictionary");
    }
    for (int i = 0; i < entries.size(); i += 2) {
      if (!(entries.get(i) instanceof byte[] key)) {
        throw refused("a key that is no text");
      }
      ((Map<String, Object>) map)
          .put(new String(key, StandardCharsets.ISO_8859_1), entries.get(i + 1));
    }
  }

  private List<Object> untilMark() {
    List<Object> items = new ArrayList<>();
    while (true) {
      if (stack.isEmpty()) {
        throw refused("an end without a beginning");
      }
      Object item = stack.pop();
      if (item == Mark.MARK) {
        Collections.reverse(items);
        return items;
      }
      items.add(item);
    }
  }

  private Tuple tuple(int size) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(0, pop(Object.class));
    }
    return new Tuple(items);
  }

  private Object peek() {
    Object top = stack.peek();
    if (top == null || top == Mark.MARK) {
      throw refused("an operation on nothing");
    }
    return top;
  }

  private <T> T pop(Class<T> type) {
    Object top = peek();
    if (!type.isInstance(top)) {
      throw refused("a " + type.getSimpleName() + " expected, got another value");
    }
    stack.pop();
    return type.cast(top);
  }

  private Object remembered(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw refused("a reference to value " + key + ", which there is not");
    }
    return value;
  }

  private int unsignedByte() {
    require(1);
    return in.get() & 0xff;
  }

  private int integer() {
    require(Integer.BYTES);
    return in.getInt();
  }

  private byte[] bytes(int length) {
    if (length < 0) {
      throw refused("a text of negative length");
    }
    require(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    int from = in.position();
    while (unsignedByte() != '\n') {
      // Goes on to the end of the line.
    }
    byte[] line = Arrays.copyOfRange(in.array(), from, in.position() - 1);
    return new String(line, StandardCharsets.ISO_8859_1);
  }

  private void require(int bytes) {
    if (in.remaining() < bytes) {
      throw new DataException(
          String.format(
              "%s is truncated: it ends at offset %d, within the operation at offset %d; fetch it"
                  + " again",
              file, in.limit(), offset));
    }
  }

  private DataException refused(String what) {
    return new DataException(
        String.format(
            "%s is no pickle that CIFAR is published in: at offset %d it has %s. Nothing of it was"
                + " run",
            file, offset, what));
  }
}
