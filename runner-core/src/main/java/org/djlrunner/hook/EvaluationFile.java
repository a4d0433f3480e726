package org.djlrunner.hook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An evaluation's details as a JSON file, {@code WORKDIR/evaluation/[NAME_]epoch_N.json} or {@code
 * ..iter_N.json}, whole or not there.
 *
 * <p>Its keys: {@code evaluation} (the name, may be empty), {@code epoch} and {@code step} as in
 * the JSON log, {@code results}, then the details.
 */
final class EvaluationFile {
  /** The folder below the work folder. */
  static final String FOLDER = "evaluation";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EvaluationFile() {}

  /**
   * Writes one.
   *
   * @param stem the file's name without its ending
   * @param head what precedes the details
   * @return the file
   */
  static Path write(
      Path workDir, String stem, Map<String, Object> head, EvaluationResult evaluation)
      throws IOException {
    Map<String, Object> content = new LinkedHashMap<>(head);
    content.put("results", evaluation.results());
    content.putAll(evaluation.details());
    Path folder = Files.createDirectories(workDir.resolve(FOLDER));
    Path file = folder.resolve(stem + ".json");
    Path temporary = folder.resolve("." + stem + ".json.tmp");
    try {
      JSON.writeValue(temporary.toFile(), content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return file;
  }
}
