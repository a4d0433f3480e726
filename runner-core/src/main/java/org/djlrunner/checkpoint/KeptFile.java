package org.djlrunner.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A checkpoint that a run wrote and keeps, and what for.
 *
 * @param folder where it is
 * @param name the file's name
 * @param reason what it is kept as, such as {@code checkpoint} or {@code best acc}; a file may be
 *     kept for several reasons
 * @param score the result that made it a best one, empty for others
 * @param epoch finished epochs
 * @param iter finished iterations
 */
public record KeptFile(
    Path folder, String name, String reason, OptionalDouble score, int epoch, int iter) {
  /** The file. */
  public Path file() {
    return folder.resolve(name);
  }

  /** Whether it is still there. */
  boolean exists() {
    return Files.isRegularFile(file());
  }

  /** Whether the other one is this file, kept for the same reason. */
  boolean isSame(KeptFile other) {
    return name.equals(other.name) && reason.equals(other.reason);
  }

  /** As JSON-like data, without the folder. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("file", name);
    map.put("kept_as", reason);
    score.ifPresent(value -> map.put("score", value));
    map.put("epoch", epoch);
    map.put("iter", iter);
    return map;
  }

  /** From JSON-like data; empty if it isn't any, or names no file of the folder. */
  public static Optional<KeptFile> of(Path folder, Object data) {
    if (data instanceof Map<?, ?> map
        && map.get("file") instanceof String name
        && map.get("kept_as") instanceof String reason
        && map.get("epoch") instanceof Number epoch
        && map.get("iter") instanceof Number iter
        && !name.isBlank()
        && name.equals(folder.resolve(name).getFileName().toString())) {
      OptionalDouble score =
          map.get("score") instanceof Number number
              ? OptionalDouble.of(number.doubleValue())
              : OptionalDouble.empty();
      return Optional.of(
          new KeptFile(folder, name, reason, score, epoch.intValue(), iter.intValue()));
    }
    return Optional.empty();
  }
}
