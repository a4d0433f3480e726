package org.djlrunner.examples.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's config as text.
 *
 * @param source where it is from, a file's name or a word on the log
 * @param text YAML, JSON or, in MMCV's logs, Python
 */
record ConfigText(String source, String text) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * The YAML file that the run wrote into its folder, told by the log's {@code exp_name}, else the
   * newest; without any the config in the log.
   */
  static Optional<ConfigText> find(Path folder, Map<String, Object> meta) throws IOException {
    List<Path> files = FolderFiles.ending(folder, ".yaml", ".yml");
    String written = String.valueOf(meta.get("exp_name"));
    Optional<Path> file =
        files.stream()
            .max(
                Comparator.comparing((Path f) -> f.getFileName().toString().equals(written))
                    .thenComparing(ConfigText::changed));
    if (file.isPresent()) {
      byte[] text = Files.readAllBytes(file.get());
      return Optional.of(
          new ConfigText(
              file.get().getFileName().toString(), new String(text, StandardCharsets.UTF_8)));
    }
    Object logged = meta.get("config");
    if (logged == null) {
      return Optional.empty();
    }
    return Optional.of(new ConfigText("from the log", asText(logged)));
  }

  private static String asText(Object config) {
    if (config instanceof String text) {
      return text;
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was JSON is no longer", e);
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
