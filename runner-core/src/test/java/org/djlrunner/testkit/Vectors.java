package org.djlrunner.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The cases recorded from MMCV 1.7.2 and PyTorch 1.13.
 *
 * <p>They come from the resources' folder {@code vectors}, or from the folder that the system
 * property {@code vectors.dir} names, which has the same layout, with or without a folder {@code
 * mmcv} above the families. What such a folder leaves out has no cases.
 */
public final class Vectors {
  /** The system property that names another folder. */
  public static final String FOLDER = "vectors.dir";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Vectors() {}

  /** The cases of a file such as {@code trace/epoch_runner.json}. */
  public static Stream<Case> cases(String file) {
    JsonNode cases = read(file);
    return StreamSupport.stream(cases.spliterator(), false)
        .map(json -> new Case(family(file), json.path("id").asText(), json));
  }

  /** The files of a family that hold one case each, in order, as cases named by their file. */
  public static Stream<Case> files(String family, String... resources) {
    String folder = folder();
    List<String> files = new ArrayList<>();
    if (folder == null) {
      for (String resource : resources) {
        files.add(family + "/" + resource);
      }
    } else if (Files.isDirectory(Path.of(folder, family))) {
      try (Stream<Path> found = Files.list(Path.of(folder, family))) {
        found
            .map(path -> path.getFileName().toString())
            .filter(name -> name.endsWith(".json"))
            .sorted()
            .forEach(name -> files.add(family + "/" + name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files.stream().map(file -> new Case(family, file, read(file)));
  }

  /** The other folder; a name that leads nowhere would look like a folder without cases. */
  private static @Nullable String folder() {
    String folder = System.getProperty(FOLDER);
    if (folder != null && !Files.isDirectory(Path.of(folder))) {
      throw new IllegalArgumentException(
          FOLDER + " is '" + folder + "', which is no folder; give an absolute path");
    }
    return folder;
  }

  private static String family(String file) {
    return file.substring(0, file.indexOf('/'));
  }

  private static JsonNode read(String file) {
    try (InputStream in = open(file)) {
      return in == null ? JSON.createArrayNode() : JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable InputStream open(String file) throws IOException {
    String folder = folder();
    if (folder == null) {
      InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file);
      if (in == null) {
        throw new IllegalArgumentException("no vectors named " + file);
      }
      return in;
    }
    for (Path path : List.of(Path.of(folder, "mmcv", file), Path.of(folder, file))) {
      if (Files.isRegularFile(path)) {
        return Files.newInputStream(path);
      }
    }
    return null;
  }

  /** What compares our behaviour with a case and throws if it isn't what it should be. */
  @FunctionalInterface
  public interface Comparison {
    /** Compares. */
    void run() throws Exception;
  }

  /**
   * One recorded case.
   *
   * @param family what it is a case of, such as {@code sgd}
   * @param id names it in reports
   * @param json the case as recorded
   */
  public record Case(String family, String id, JsonNode json) {
    /** A part of the case; a missing node if it is absent. */
    public JsonNode at(String key) {
      return json.path(key);
    }

    /** Whether the case has this key with a value other than null. */
    public boolean has(String key) {
      return json.hasNonNull(key);
    }

    /** Notes whether we do what was recorded. */
    public void equal(Comparison comparison) {
      VectorTally.note(this, VectorTally.Verdict.EQUAL, comparison);
    }

    /**
     * Notes whether we do what we mean to do instead of what was recorded.
     *
     * @param rule why, such as a Q-number; must follow from the case's inputs
     */
    public void deviation(String rule, Comparison comparison) {
      if (rule.isBlank()) {
        throw new IllegalArgumentException("a deviation needs a reason");
      }
      VectorTally.note(this, VectorTally.Verdict.DEVIATION, comparison);
    }

    /** The case's id, which names it in test reports. */
    @Override
    public String toString() {
      return id + " " + json.path("note").asText("");
    }
  }
}
