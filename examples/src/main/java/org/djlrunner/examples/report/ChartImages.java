package org.djlrunner.examples.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as PNG files, one each, of 1000 x 500 pixels. */
final class ChartImages {
  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 500;

  /** Those of the page on light ground. */
  private static final List<Color> COLORS =
      Stream.of(0x2466d1, 0xd9540f, 0x23863f, 0x9333b8, 0xa87b00, 0x0a7d8c, 0xc2255c, 0x6b7280)
          .map(Color::new)
          .toList();

  private static final List<BasicStroke> DASHES =
      List.of(stroke(), stroke(8, 6), stroke(2, 5), stroke(12, 4, 3, 4));

  private ChartImages() {}

  /**
   * Writes {@code TITLE.png} into a folder, in which what is no letter, digit, point or minus has
   * become an underscore; each is whole or not there.
   *
   * @return the files
   */
  static List<Path> write(List<Chart> charts, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (Chart chart : charts) {
      String stem = chart.title().replaceAll("[^\\p{L}\\p{N}.-]", "_").toLowerCase(Locale.ROOT);
      Path file = folder.resolve(stem + ".png");
      for (int number = 2; files.contains(file); number++) {
        file = folder.resolve(stem + "_" + number + ".png");
      }
      Path part = folder.resolve("." + file.getFileName() + ".tmp");
      try {
        try (OutputStream stream = Files.newOutputStream(part)) {
          BitmapEncoder.saveBitmap(List.of(image(chart)), 1, 1, stream, BitmapFormat.PNG);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      files.add(file);
    }
    return files;
  }

  private static XYChart image(Chart chart) {
    XYChart image =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(chart.caption())
            .xAxisTitle("iteration")
            .build();
    image.getStyler().setYAxisLogarithmic(chart.isLogarithmic());
    image.getStyler().setChartBackgroundColor(Color.WHITE);
    for (int i = 0; i < chart.lines().size(); i++) {
      Line line = chart.lines().get(i);
      List<Point> points = line.curve().finite();
      XYSeries series =
          image.addSeries(
              seriesName(chart, i),
              points.stream().map(Point::step).toList(),
              points.stream().map(Point::value).toList());
      Color color = COLORS.get(line.color() % COLORS.size());
      series.setLineColor(color);
      series.setLineStyle(DASHES.get(line.dash() % DASHES.size()));
      series.setMarkerColor(color);
      series.setMarker(line.dots() ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }
    return image;
  }

  private static BasicStroke stroke(float... dashes) {
    return new BasicStroke(
        2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes.length == 0 ? null : dashes, 0);
  }

  /** XChart wants names that differ. */
  private static String seriesName(Chart chart, int index) {
    String label = chart.lines().get(index).label();
    boolean taken =
        chart.lines().subList(0, index).stream().anyMatch(line -> line.label().equals(label));
    return taken ? label + " (" + (index + 1) + ")" : label;
  }
}
