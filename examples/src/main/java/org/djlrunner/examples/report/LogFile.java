package org.djlrunner.examples.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON log: what describes the run, then its records.
 *
 * @param name the file's name
 * @param meta the first line, empty if that is a record
 * @param lines the records
 * @param damaged lines that are neither, such as the half one of a killed run
 */
record LogFile(String name, Map<String, Object> meta, List<LogLine> lines, int damaged) {
  /** How the names of such files end. */
  static final String ENDING = ".log.json";

  /** Python writes NaN as a bare word. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /**
   * Reads one; what is damaged is counted, letters that are no UTF-8 are replaced.
   *
   * @throws IOException if the file can't be read
   */
  static LogFile read(Path file) throws IOException {
    Map<String, Object> meta = Map.of();
    List<LogLine> lines = new ArrayList<>();
    int damaged = 0;
    boolean first = true;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        if (text.isBlank()) {
          continue;
        }
        JsonNode object = parse(text);
        Optional<LogLine> line = LogLine.of(object);
        if (line.isPresent()) {
          lines.add(line.get());
        } else if (first && object.isObject() && !object.has("mode")) {
          meta = JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
        } else {
          damaged++;
        }
        first = false;
      }
    }
    return new LogFile(file.getFileName().toString(), meta, List.copyOf(lines), damaged);
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
