package org.djlrunner.djl.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.djlrunner.djl.data.DataException;

/**
 * A class as a shard has it.
 *
 * @param text a number or a name
 */
record ShardLabel(String text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** More than a number or a name takes: not what it is said to be. */
  static final int MAX_BYTES = 1 << 20;

  /**
   * What a file says.
   *
   * @param extension {@code cls} for a number or name as text, {@code json} for an object with it
   * @param key the JSON object's key
   * @param where what errors call the file
   */
  static ShardLabel read(String extension, String key, byte[] content, String where) {
    if (!extension.equals("json")) {
      return new ShardLabel(new String(content, StandardCharsets.UTF_8).strip());
    }
    try {
      JsonNode label = JSON.readTree(content).path(key);
      if (!label.isIntegralNumber() && !label.isTextual()) {
        throw new DataException(
            String.format("%s has no number or text '%s': %s", where, key, shown(content)));
      }
      return new ShardLabel(label.asText());
    } catch (JsonProcessingException e) {
      throw new DataException(where + " is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException("cannot read " + where + ": " + e, e);
    }
  }

  private static String shown(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
