package org.djlrunner.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.djlrunner.djl.experiment.ScheduleRow;

/**
 * Rows of a schedule as CSV with a header, or as a JSON array with an object on each line.
 *
 * <p>A run's only optimizer has plain lists and columns such as {@code lr[0]}; several have an
 * object by name and columns such as {@code lr.NAME[0]}. Numbers have full precision.
 */
final class ScheduleText implements Consumer<ScheduleRow> {
  private final Writer writer;
  private final boolean json;
  private boolean begun;

  ScheduleText(Writer writer, ScheduleCommand.Format format) {
    this.writer = writer;
    this.json = format == ScheduleCommand.Format.JSON;
  }

  @Override
  public void accept(ScheduleRow row) {
    if (!begun && !json) {
      line(header(row));
    }
    line(json ? (begun ? ",\n " : "[\n ") + object(row) : csv(row));
    begun = true;
  }

  /** Ends the text. */
  void end() {
    if (json) {
      write(begun ? "\n]\n" : "[]\n");
    }
    try {
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(ScheduleRow row) {
    List<String> columns = new ArrayList<>(List.of("epoch", "iter", "inner_iter"));
    columns(columns, "lr", row.lr());
    columns(columns, "momentum", row.momentum());
    return String.join(",", columns);
  }

  private static void columns(List<String> columns, String what, Map<String, List<Double>> values) {
    values.forEach(
        (optimizer, groups) -> {
          String of = values.size() == 1 ? "" : "." + optimizer;
          for (int i = 0; i < groups.size(); i++) {
            columns.add(what + of + "[" + i + "]");
          }
        });
  }

  private static String csv(ScheduleRow row) {
    StringBuilder line = new StringBuilder();
    line.append(row.epoch()).append(',').append(row.iter()).append(',').append(row.innerIter());
    row.lr().values().forEach(groups -> groups.forEach(value -> line.append(',').append(value)));
    row.momentum()
        .values()
        .forEach(groups -> groups.forEach(value -> line.append(',').append(value)));
    return line.toString();
  }

  private static String object(ScheduleRow row) {
    return "{\"epoch\":"
        + row.epoch()
        + ",\"iter\":"
        + row.iter()
        + ",\"inner_iter\":"
        + row.innerIter()
        + ",\"lr\":"
        + values(row.lr())
        + ",\"momentum\":"
        + values(row.momentum())
        + "}";
  }

  private static String values(Map<String, List<Double>> byOptimizer) {
    if (byOptimizer.size() == 1) {
      return list(byOptimizer.values().iterator().next());
    }
    return byOptimizer.entrySet().stream()
        .map(named -> "\"" + named.getKey() + "\":" + list(named.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String list(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  private void line(String text) {
    write(json ? text : text + "\n");
  }

  private void write(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
