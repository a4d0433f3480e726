package org.djlrunner.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.djlrunner.spi.WeightLoading;

/**
 * Which weights of a file go where in a model, and which don't.
 *
 * @param stored the name in the file for each weight of the model that fits
 * @param problems what is missing, misshapen and unexpected, a sentence each
 */
public record WeightMatch(Map<String, String> stored, List<String> problems) {
  /** PyTorch counts batches where it normalises; nobody who lacks the count needs it. */
  private static final String BATCH_COUNT = "num_batches_tracked";

  /**
   * Compares.
   *
   * @param model shape and type, as text, of each weight that the model has
   * @param file the same of each that the file has
   */
  public static WeightMatch of(
      Map<String, String> model, Map<String, String> file, WeightLoading loading) {
    Map<String, String> named = new LinkedHashMap<>();
    List<String> twice = new ArrayList<>();
    for (String stored : new TreeSet<>(file.keySet())) {
      String revised = loading.revise(stored);
      if (loading.counts(revised)) {
        String name = loading.withoutPrefix(revised);
        String other = named.putIfAbsent(name, stored);
        if (other != null) {
          twice.add("both " + other + " and " + stored + " would be " + name);
        }
      }
    }
    Map<String, String> fitting = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    model.forEach(
        (name, own) -> {
          String stored = named.get(name);
          if (stored == null) {
            if (!name.endsWith(BATCH_COUNT)) {
              problems.add("missing: " + name + " " + own);
            }
          } else if (own.equals(file.get(stored))) {
            fitting.put(name, stored);
          } else {
            problems.add(
                shown(name, stored) + " is " + file.get(stored) + ", the model has " + own);
          }
        });
    unexpected(named, model.keySet(), problems);
    problems.addAll(twice);
    return new WeightMatch(fitting, problems);
  }

  private static void unexpected(
      Map<String, String> named, Set<String> model, List<String> problems) {
    named.forEach(
        (name, stored) -> {
          if (!model.contains(name) && !name.endsWith(BATCH_COUNT)) {
            problems.add("unexpected: " + shown(name, stored));
          }
        });
  }

  private static String shown(String name, String stored) {
    return name.equals(stored) ? name : name + " (" + stored + " in the file)";
  }

  /**
   * Refuses a match that isn't good enough.
   *
   * @return what people should know of one that is
   * @throws IOException if strict loading finds any problem, or nothing fits at all
   */
  public List<String> require(Path file, WeightLoading loading) throws IOException {
    if (loading.strict()) {
      requireNone(file, problems);
    } else if (stored.isEmpty()) {
      throw new IOException(
          file + " has no weight that fits the model:\n  - " + String.join("\n  - ", problems));
    }
    return problems;
  }

  /** Refuses a file with problems; all are listed. */
  public static void requireNone(Path file, List<String> problems) throws IOException {
    if (!problems.isEmpty()) {
      throw new IOException(
          file + " doesn't fit the model:\n  - " + String.join("\n  - ", problems));
    }
  }
}
