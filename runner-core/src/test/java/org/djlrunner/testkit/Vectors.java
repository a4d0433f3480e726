package org.djlrunner.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The cases recorded from MMCV 1.7.2 and PyTorch 1.13, in the resources' folder {@code vectors}.
 */
public final class Vectors {
  private Vectors() {}

  /** The cases of a file such as {@code trace/epoch_runner.json}. */
  public static Stream<Case> cases(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no vectors named " + file);
      }
      JsonNode cases = JsonMapper.builder().build().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).map(Case::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One recorded case.
   *
   * @param json the case as recorded
   */
  public record Case(JsonNode json) {
    /** A part of the case; a missing node if it is absent. */
    public JsonNode at(String key) {
      return json.path(key);
    }

    /** Whether the case has this key with a value other than null. */
    public boolean has(String key) {
      return json.hasNonNull(key);
    }

    /** The case's id, which names it in test reports. */
    @Override
    public String toString() {
      return json.path("id").asText() + " " + json.path("note").asText("");
    }
  }
}
