package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which curves stand in which chart: loss first, then what was evaluated, rates, momenta, times,
 * throughput, memory, and what else training had to tell.
 *
 * <p>Values of the same plain name share a chart: the losses of training, of validation and of a
 * named evaluation. With several runs each has a color and each kind of value a dash pattern, with
 * one run each line has a color.
 */
final class Charts {
  /** The points that a curve has at most. */
  static final int MOST_POINTS = 600;

  private final List<WorkFolder> runs;
  private final List<String> names;

  private Charts(List<WorkFolder> runs) {
    this.runs = runs;
    this.names = RunNames.of(runs);
  }

  /** The charts of one or more runs; those without anything to draw are left out. */
  static List<Chart> of(List<WorkFolder> runs) {
    return new Charts(runs).all();
  }

  private List<Chart> all() {
    Set<String> evaluated = new LinkedHashSet<>();
    Set<String> trained = new LinkedHashSet<>();
    for (WorkFolder run : runs) {
      for (RunRecord record : run.records()) {
        record.values().keySet().stream()
            .filter(ResultNames::isResult)
            .map(ResultNames::plain)
            .forEach((record.isTrain() ? trained : evaluated)::add);
      }
    }
    Set<String> first = new LinkedHashSet<>();
    first.add("loss");
    first.addAll(evaluated);
    List<Chart> charts = new ArrayList<>();
    first.forEach(result -> add(charts, result, "", Set.of(result)));
    add(charts, "learning rate", "", Set.of("lr"));
    add(charts, "momentum", "", Set.of("momentum"));
    add(charts, "time of an iteration", "s", Set.of("time", "data_time"));
    add(charts, "throughput", "samples/s", Set.of("samples_per_s"));
    add(charts, "memory", "MiB", Set.of("memory", "heap"));
    trained.removeAll(first);
    trained.forEach(result -> add(charts, result, "", Set.of(result)));
    return charts;
  }

  private void add(List<Chart> charts, String title, String unit, Set<String> plainNames) {
    List<Line> lines = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    for (int run = 0; run < runs.size(); run++) {
      for (Map.Entry<String, List<Point>> found : points(runs.get(run), plainNames).entrySet()) {
        String kind = found.getKey();
        Curve curve = new Curve(found.getValue()).thinned(MOST_POINTS);
        if (curve.finite().isEmpty()) {
          continue;
        }
        if (!kinds.contains(kind)) {
          kinds.add(kind);
        }
        boolean one = runs.size() == 1;
        lines.add(
            new Line(
                one ? kind : names.get(run) + ": " + kind,
                one ? lines.size() : run,
                one ? 0 : kinds.indexOf(kind),
                areResults(plainNames) && !kind.startsWith(LogLine.TRAIN),
                curve));
      }
    }
    if (!lines.isEmpty()) {
      charts.add(new Chart(title, unit, List.copyOf(lines)));
    }
  }

  /** Points by what the legend calls them within a run. */
  private static Map<String, List<Point>> points(WorkFolder run, Set<String> plainNames) {
    boolean result = areResults(plainNames);
    Map<String, List<Point>> points = new LinkedHashMap<>();
    for (RunRecord record : plainNames.contains("momentum") ? run.momenta() : run.records()) {
      // What evaluations repeat, such as the rate, is training's.
      if (!result && !record.isTrain()) {
        continue;
      }
      record
          .values()
          .forEach(
              (name, value) -> {
                if (plainNames.contains(ResultNames.plain(name))) {
                  points
                      .computeIfAbsent(result ? kind(record, name) : name, k -> new ArrayList<>())
                      .add(new Point(record.step(), value));
                }
              });
    }
    return points;
  }

  private static boolean areResults(Set<String> plainNames) {
    return plainNames.stream().allMatch(ResultNames::isResult);
  }

  private static String kind(RunRecord record, String name) {
    String front = ResultNames.front(name);
    return front.isEmpty() || front.equals(record.mode())
        ? record.mode()
        : record.mode() + " " + front;
  }
}
