package org.djlrunner.examples.report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.djlrunner.djl.checkpoint.SafetensorsReader;

/** What a run's meta data says beside the config, as names and texts. */
final class Facts {
  /** In MMCV's logs {@code env_info} is the environment, as one text. */
  private static final List<String> SHOWN =
      List.of("seed", "device", "environment", "env_info", "speed", "world_size");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Facts() {}

  /** The facts, those within a mapping under {@code speed.precision} and so on. */
  static Map<String, String> of(Map<String, Object> meta) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (String name : SHOWN) {
      if (meta.get(name) != null) {
        add(name, meta.get(name), facts);
      }
    }
    return facts;
  }

  /** The meta data of the latest checkpoint, empty if there is none that can be read. */
  static Map<String, Object> ofCheckpoint(Path folder) {
    try {
      byte[] latest = Files.readAllBytes(folder.resolve("latest"));
      Path file = folder.resolve(new String(latest, StandardCharsets.UTF_8).strip());
      String meta = SafetensorsReader.open(file).metadata().get("djl_runner");
      return meta == null
          ? Map.of()
          : JSON.readValue(meta, new TypeReference<Map<String, Object>>() {});
    } catch (IOException | RuntimeException e) {
      // A file of another format, or a damaged one: the page says that nothing is known.
      return Map.of();
    }
  }

  private static void add(String name, Object value, Map<String, String> facts) {
    if (value instanceof Map<?, ?> parts) {
      parts.forEach(
          (part, inner) -> {
            if (inner != null) {
              add(name + "." + part, inner, facts);
            }
          });
    } else if (value instanceof List<?> list) {
      facts.put(name, list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    } else {
      facts.put(name, value.toString().strip());
    }
  }
}
