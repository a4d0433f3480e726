package org.djlrunner.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.djlrunner.djl.experiment.ScheduleRow;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Rows of a schedule as two curves over iterations: learning rate above, momentum below.
 *
 * <p>Long runs are thinned while they come in, so that a curve has at most {@link #MOST_POINTS}
 * points. Groups with the same curve share one.
 */
final class ScheduleChart implements Consumer<ScheduleRow> {
  private static final int MOST_POINTS = 4_000;
  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 400;

  private final List<ScheduleRow> rows = new ArrayList<>();
  private int stride = 1;

  @Override
  public void accept(ScheduleRow row) {
    if (row.iter() % stride != 0) {
      return;
    }
    rows.add(row);
    if (rows.size() > MOST_POINTS) {
      stride *= 2;
      rows.removeIf(kept -> kept.iter() % stride != 0);
    }
  }

  /** Writes a PNG of 1000 x 800 pixels. */
  void save(Path file) throws IOException {
    List<XYChart> charts =
        List.of(chart("learning rate", ScheduleRow::lr), chart("momentum", ScheduleRow::momentum));
    try (var stream = Files.newOutputStream(file)) {
      BitmapEncoder.saveBitmap(charts, 2, 1, stream, BitmapFormat.PNG);
    }
  }

  private XYChart chart(String what, Function<ScheduleRow, Map<String, List<Double>>> values) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(what)
            .xAxisTitle("iteration")
            .build();
    List<Integer> iterations = rows.stream().map(ScheduleRow::iter).toList();
    curves(values)
        .forEach(
            (curve, groups) -> {
              XYSeries series = chart.addSeries(String.join(", ", groups), iterations, curve);
              series.setMarker(SeriesMarkers.NONE);
            });
    return chart;
  }

  /** Which groups follow which curve. */
  private Map<List<Double>, List<String>> curves(
      Function<ScheduleRow, Map<String, List<Double>>> values) {
    Map<List<Double>, List<String>> curves = new LinkedHashMap<>();
    Map<String, List<Double>> first = values.apply(rows.get(0));
    first.forEach(
        (optimizer, groups) -> {
          for (int i = 0; i < groups.size(); i++) {
            int group = i;
            List<Double> curve =
                rows.stream()
                    .map(row -> values.apply(row).getOrDefault(optimizer, List.of()).get(group))
                    .toList();
            String name = first.size() == 1 ? "group " + i : optimizer + "[" + i + "]";
            curves.computeIfAbsent(curve, c -> new ArrayList<>()).add(name);
          }
        });
    return curves;
  }
}
