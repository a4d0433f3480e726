package org.djlrunner.djl.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The operations of a trace that took longest, as lines of text. */
final class OperationTable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What has a duration of its own: operations of the host, and what GPUs do. */
  private static final Set<String> KINDS = Set.of("cpu_op", "kernel", "gpu_memcpy", "gpu_memset");

  private static final int ROWS = 10;

  private record Event(String name, double start, double end) {}

  private static final class Total {
    private int calls;
    private double total;
    private double self;
  }

  private OperationTable() {}

  /** The ten that took longest by themselves, without what they called; under a head line. */
  static List<String> of(Path trace) throws IOException {
    Map<String, Total> totals = new HashMap<>();
    byThread(trace).values().forEach(events -> add(events, totals));
    double all = totals.values().stream().mapToDouble(total -> total.self).sum();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-48s %8s %12s %7s %12s",
            "name",
            "calls",
            "self ms",
            "self",
            "total ms"));
    totals.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Total>>comparingDouble(entry -> -entry.getValue().self)
                .thenComparing(Map.Entry::getKey))
        .limit(ROWS)
        .forEach(entry -> lines.add(line(entry.getKey(), entry.getValue(), all)));
    return lines;
  }

  private static String line(String name, Total total, double all) {
    return String.format(
        Locale.ROOT,
        "%-48s %8d %12.3f %6.1f%% %12.3f",
        name.length() > 48 ? name.substring(0, 45) + "..." : name,
        total.calls,
        total.self / 1e3,
        all > 0 ? 100 * total.self / all : 0,
        total.total / 1e3);
  }

  private static Map<String, List<Event>> byThread(Path trace) throws IOException {
    Map<String, List<Event>> threads = new HashMap<>();
    try (JsonParser parser = JSON.createParser(trace.toFile())) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_ARRAY
            && "traceEvents".equals(parser.currentName())) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            JsonNode event = parser.readValueAsTree();
            if (KINDS.contains(event.path("cat").asText())) {
              double start = event.path("ts").asDouble();
              threads
                  .computeIfAbsent(
                      event.path("pid") + "/" + event.path("tid"), t -> new ArrayList<>())
                  .add(
                      new Event(
                          event.path("name").asText(),
                          start,
                          start + event.path("dur").asDouble()));
            }
          }
        }
      }
    }
    return threads;
  }

  /** Events of a thread lie one within another, or one behind the other. */
  private static void add(List<Event> events, Map<String, Total> totals) {
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Event::end, Comparator.reverseOrder()));
    Deque<Event> open = new ArrayDeque<>();
    for (Event event : events) {
      while (!open.isEmpty() && open.peek().end() <= event.start()) {
        open.pop();
      }
      double duration = event.end() - event.start();
      Total total = totals.computeIfAbsent(event.name(), n -> new Total());
      total.calls++;
      total.total += duration;
      total.self += duration;
      Event around = open.peek();
      if (around != null) {
        totals.computeIfAbsent(around.name(), n -> new Total()).self -= duration;
      }
      open.push(event);
    }
  }
}
