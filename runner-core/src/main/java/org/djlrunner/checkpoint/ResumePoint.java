package org.djlrunner.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.IterLoader;
import org.djlrunner.WorkflowPosition;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stood when its checkpoint was taken, in the words of its meta data.
 *
 * @param epoch finished passes over the training data
 * @param iter finished training iterations
 * @param innerIter index within its pass of the last batch taken
 * @param position where in the workflow; empty in a file that doesn't say, or of another workflow
 * @param workflow the workflow as text; empty in a file that doesn't say
 * @param metrics the newest results by name
 * @param reports how often each was reported
 * @param hooks the states of hooks by name
 * @param logWindows the remembered scalars
 */
public record ResumePoint(
    int epoch,
    int iter,
    int innerIter,
    Optional<WorkflowPosition> position,
    String workflow,
    Map<String, Double> metrics,
    Map<String, Integer> reports,
    Map<String, Map<String, Object>> hooks,
    Map<String, Object> logWindows) {
  /** The meta data's name for the format's version. */
  public static final String FORMAT = "format_version";

  /** The version written now; a file of a higher one is refused. */
  public static final int VERSION = 1;

  /** The meta data's name for the number of processes that trained together. */
  public static final String WORLD_SIZE = "world_size";

  /** Every name under which the state of a run stands; all others describe it. */
  static final List<String> STATE =
      List.of(
          FORMAT,
          "epoch",
          "iter",
          "inner_iter",
          "position",
          "workflow",
          "metrics",
          "reports",
          "hooks",
          "log_windows");

  /** A run that begins. */
  public static final ResumePoint START =
      new ResumePoint(
          0, 0, 0, Optional.of(WorkflowPosition.START), "", Map.of(), Map.of(), Map.of(), Map.of());

  /** Whether this name of the meta data is one of the run's state, not of its description. */
  public static boolean isState(String name) {
    return STATE.contains(name);
  }

  /** Writes this into meta data. */
  public void addTo(Map<String, Object> meta) {
    meta.put(FORMAT, VERSION);
    meta.put("epoch", epoch);
    meta.put("iter", iter);
    meta.put("inner_iter", innerIter);
    position.ifPresent(at -> meta.put("position", at.toMap()));
    meta.put("workflow", workflow);
    meta.put("metrics", metrics);
    meta.put("reports", reports);
    meta.put("hooks", hooks);
    meta.put("log_windows", logWindows);
  }

  /**
   * Reads it from meta data; what is absent is taken as at the start, except the counters.
   *
   * @throws IllegalArgumentException if a part isn't what it should be; the message says which
   */
  public static ResumePoint of(Map<String, Object> meta) {
    if (meta.get(FORMAT) instanceof Number version && version.intValue() > VERSION) {
      throw new IllegalArgumentException(
          "it is of format version "
              + version
              + ", this program knows up to "
              + VERSION
              + "; a newer release can read it");
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    map(meta, "metrics")
        .forEach((name, value) -> metrics.put(name, number(name, value).doubleValue()));
    Map<String, Integer> reports = new LinkedHashMap<>();
    map(meta, "reports")
        .forEach((name, value) -> reports.put(name, number(name, value).intValue()));
    Map<String, Map<String, Object>> hooks = new LinkedHashMap<>();
    Map<String, Object> states = map(meta, "hooks");
    states.keySet().forEach(name -> hooks.put(name, map(states, name)));
    return new ResumePoint(
        counter(meta, "epoch"),
        counter(meta, "iter"),
        meta.containsKey("inner_iter") ? counter(meta, "inner_iter") : 0,
        meta.containsKey("position")
            ? Optional.of(WorkflowPosition.of(map(meta, "position")))
            : Optional.empty(),
        String.valueOf(meta.getOrDefault("workflow", "")),
        metrics,
        reports,
        hooks,
        map(meta, "log_windows"));
  }

  /**
   * This point for another number of processes: each sees fewer or more batches of an epoch, so
   * iterations are scaled by {@code before / now} and rounded down, as MMCV does.
   *
   * @param before processes of the run that was saved
   * @param now processes of the run that goes on
   */
  public ResumePoint rescaled(int before, int now) {
    if (before == now) {
      return this;
    }
    return new ResumePoint(
        epoch,
        scaled(iter, before, now),
        scaled(innerIter, before, now),
        position.map(
            at ->
                new WorkflowPosition(
                    at.flow(),
                    at.turn(),
                    at.inEpoch(),
                    at.inVal(),
                    scaled(at.batch(), before, now),
                    at.loaders().stream()
                        .map(
                            loader ->
                                new IterLoader.Position(
                                    loader.pass(), scaled(loader.batch(), before, now)))
                        .toList())),
        workflow,
        metrics,
        reports,
        hooks,
        logWindows);
  }

  private static int scaled(int count, int before, int now) {
    return Math.toIntExact((long) count * before / now);
  }

  private static int counter(Map<String, Object> meta, String name) {
    Number value = number(name, meta.get(name));
    if (value.longValue() < 0 || value.doubleValue() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(name + " must be a count from 0, got " + value);
    }
    return value.intValue();
  }

  private static Number number(String name, @Nullable Object value) {
    if (value instanceof Number number) {
      return number;
    }
    // JSON has no word for these.
    if (value instanceof String text
        && (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity"))) {
      return Double.valueOf(text);
    }
    throw new IllegalArgumentException(name + " must be a number, got " + value);
  }

  private static Map<String, Object> map(Map<String, Object> meta, String name) {
    Object value = meta.getOrDefault(name, Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(name + " must be a mapping, got " + value);
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, entry) -> copy.put(String.valueOf(key), entry));
    return copy;
  }
}
