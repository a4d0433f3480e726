package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a header's JSON token by token, so that what it allocates is bounded by the header's size,
 * and checks all that can be checked without knowing where the file ends.
 */
final class HeaderParser {
  /** Headers are bounded as a whole; strings and names in them need no limits of their own. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // A table of names would outlive the file, and fail where an attacker's names collide.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNumberLength(100)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final int SHOWN = 100;

  private final Path file;
  private final JsonParser json;
  private final List<StoredTensor> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private HeaderParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a header.
   *
   * @param head the header's length and the header
   * @throws CheckpointFormatException if it is none, or describes tensors that can't be read here
   */
  static HeaderParser parse(Path file, byte[] head) throws IOException {
    if (head[Long.BYTES] != '{') {
      throw new CheckpointFormatException(
          file, "is no safetensors file: its header doesn't begin with a brace");
    }
    // A decoder, not a charset: that one would put up with what is no UTF-8.
    try (JsonParser json =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(head, Long.BYTES, head.length - Long.BYTES),
                StandardCharsets.UTF_8.newDecoder()))) {
      HeaderParser parser = new HeaderParser(file, json);
      parser.header();
      return parser;
    } catch (CharacterCodingException e) {
      throw new CheckpointFormatException(
          file, "is no safetensors file: its header is no UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointFormatException(
          file,
          String.format(
              "is no safetensors file: its header is no valid JSON at character %d: %s",
              e.getLocation() == null ? -1 : e.getLocation().getCharOffset(),
              e.getOriginalMessage()),
          e);
    }
  }

  /** In the header's order. */
  List<StoredTensor> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  /** A name for messages, cut where it is long. */
  static String quoted(String name) {
    return name.length() <= SHOWN ? "'" + name + "'" : "'" + name.substring(0, SHOWN) + "…'";
  }

  private void header() throws IOException {
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals(Safetensors.METADATA)) {
        metadata(value);
      } else {
        tensors.add(tensor(name, value));
      }
    }
    if (json.nextToken() != null) {
      throw problem("its header goes on behind its last brace");
    }
  }

  private void metadata(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    if (value != JsonToken.START_OBJECT) {
      throw problem(Safetensors.METADATA + " is no map");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw problem(
            Safetensors.METADATA + " holds something else than text under " + quoted(name));
      }
      metadata.put(name, json.getText());
    }
  }

  private StoredTensor tensor(String name, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      throw problem("tensor " + quoted(name) + " is no map of dtype, shape and data_offsets");
    }
    String stored = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      switch (field) {
        case "dtype" -> {
          if (token != JsonToken.VALUE_STRING) {
            throw problem("tensor " + quoted(name) + " has a dtype that is no text");
          }
          stored = json.getText();
        }
        case "shape" -> shape = numbers(name, field, token);
        case "data_offsets" -> offsets = numbers(name, field, token);
        default -> json.skipChildren();
      }
    }
    return checked(name, stored, shape, offsets);
  }

  private StoredTensor checked(
      String name, @Nullable String stored, long @Nullable [] shape, long @Nullable [] offsets)
      throws CheckpointFormatException {
    if (stored == null || shape == null || offsets == null) {
      throw problem(
          String.format(
              "tensor %s has no %s",
              quoted(name), stored == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
    }
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw problem(
          String.format(
              "tensor %s has data_offsets %s, expected begin and end",
              quoted(name), shown(offsets)));
    }
    DataType type = TensorTypes.readAs(stored);
    if (type == null) {
      throw new CheckpointFormatException(
          file,
          String.format(
              "can't be read here: tensor %s has elements of type %s; %s can be read, so save it as"
                  + " one of them",
              quoted(name), quoted(stored), TensorTypes.readable()));
    }
    long bytes = bytes(name, shape, TensorTypes.bytes(stored, type));
    if (bytes != offsets[1] - offsets[0]) {
      throw problem(
          String.format(
              "tensor %s of shape %s and type %s has %d bytes, its data_offsets %s give %d",
              quoted(name), shown(shape), stored, bytes, shown(offsets), offsets[1] - offsets[0]));
    }
    return new StoredTensor(name, stored, type, new Shape(shape), offsets[0], offsets[1]);
  }

  private long bytes(String name, long[] shape, int element) throws CheckpointFormatException {
    try {
      long count = 1;
      for (long size : shape) {
        count = Math.multiplyExact(count, size);
      }
      return Math.multiplyExact(count, element);
    } catch (ArithmeticException e) {
      throw problem(
          String.format(
              "tensor %s has shape %s, more than 2^63 bytes", quoted(name), shown(shape)));
    }
  }

  private long[] numbers(String name, String field, JsonToken token) throws IOException {
    if (token != JsonToken.START_ARRAY) {
      throw problem("tensor " + quoted(name) + " has " + field + " that is no list");
    }
    long[] numbers = new long[4];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
          || json.getNumberType() == NumberType.BIG_INTEGER
          || json.getLongValue() < 0) {
        throw problem(
            String.format(
                "tensor %s has %s in its %s, expected whole numbers from 0 to 2^63 - 1",
                quoted(name), quoted(json.getText()), field));
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = json.getLongValue();
    }
    return Arrays.copyOf(numbers, count);
  }

  /** A list for messages, cut where it is long. */
  private static String shown(long[] numbers) {
    String text = Arrays.toString(numbers.length <= 16 ? numbers : Arrays.copyOf(numbers, 16));
    return numbers.length <= 16 ? text : text.replace("]", ", …]");
  }

  private CheckpointFormatException problem(String what) {
    return new CheckpointFormatException(file, "is damaged: " + what);
  }
}
