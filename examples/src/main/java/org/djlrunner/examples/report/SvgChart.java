package org.djlrunner.examples.report;

import java.util.List;
import java.util.Locale;

/**
 * A chart as SVG that grows and shrinks with its place; colors and letters are the page's ({@code
 * report.css}).
 */
final class SvgChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 260;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 10;
  private static final int BOTTOM = 40;

  /** More dots than these would hide the line. */
  private static final int MOST_DOTS = 80;

  private static final List<String> DASHES = List.of("none", "6 4", "2 3", "9 3 2 3");

  private final Chart chart;
  private final Axis across;
  private final Axis up;
  private final Markup svg = new Markup();

  private SvgChart(Chart chart) {
    this.chart = chart;
    this.across = new Axis(0, Math.max(1, chart.lastStep()), false);
    this.up =
        Axis.around(
            chart.values().min().orElse(0), chart.values().max().orElse(1), chart.isLogarithmic());
  }

  /** The drawing. */
  static String of(Chart chart) {
    return new SvgChart(chart).drawn();
  }

  /** A short piece of a line, for the legend. */
  static String sample(Line line) {
    Markup sample = new Markup();
    sample.begin("svg", "viewBox", "0 0 26 10", "class", "sample", "aria-hidden", "true");
    sample.empty("polyline", lineAttributes(line, "1,5 25,5"));
    if (line.dots()) {
      sample.empty("circle", "cx", "13", "cy", "5", "r", "3", "class", "dot " + color(line));
    }
    return sample.end().toString();
  }

  private String drawn() {
    svg.begin(
        "svg",
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "role",
        "img",
        "aria-label",
        chart.caption() + " over iterations");
    axes();
    chart.lines().forEach(this::line);
    return svg.end().toString();
  }

  private void axes() {
    for (double tick : up.ticks(5)) {
      String y = number(y(tick));
      svg.empty(
          "line",
          "class",
          "grid",
          "x1",
          number(LEFT),
          "x2",
          number(WIDTH - RIGHT),
          "y1",
          y,
          "y2",
          y);
      svg.element(
          "text",
          NumberText.of(tick),
          "class",
          "up",
          "x",
          number(LEFT - 7),
          "y",
          number(y(tick) + 4));
    }
    String floor = number(HEIGHT - BOTTOM);
    svg.empty(
        "line",
        "class",
        "axis",
        "x1",
        number(LEFT),
        "x2",
        number(WIDTH - RIGHT),
        "y1",
        floor,
        "y2",
        floor);
    for (double tick : across.ticks(5)) {
      svg.element(
          "text",
          NumberText.of(tick),
          "class",
          "across",
          "x",
          number(x(tick)),
          "y",
          number(HEIGHT - BOTTOM + 16));
    }
    svg.element(
        "text", "iteration", "class", "name", "x", number(WIDTH - RIGHT), "y", number(HEIGHT - 5));
  }

  private void line(Line line) {
    for (List<Point> piece : line.curve().pieces()) {
      if (piece.size() == 1) {
        dot(line, piece.get(0));
        continue;
      }
      StringBuilder points = new StringBuilder();
      for (Point point : piece) {
        points.append(points.length() == 0 ? "" : " ");
        points.append(number(x(point.step()))).append(',').append(number(y(point.value())));
      }
      svg.empty("polyline", lineAttributes(line, points.toString()));
      if (line.dots() && line.curve().points().size() <= MOST_DOTS) {
        piece.forEach(point -> dot(line, point));
      }
    }
  }

  private void dot(Line line, Point point) {
    svg.begin(
        "circle",
        "class",
        "dot " + color(line),
        "cx",
        number(x(point.step())),
        "cy",
        number(y(point.value())),
        "r",
        "3");
    svg.element(
        "title",
        line.label()
            + ", iteration "
            + NumberText.count(point.step())
            + ": "
            + NumberText.of(point.value()));
    svg.end();
  }

  private static String[] lineAttributes(Line line, String points) {
    return new String[] {
      "class",
      "line " + color(line),
      "stroke-dasharray",
      DASHES.get(line.dash() % DASHES.size()),
      "points",
      points
    };
  }

  /** The page has eight colors. */
  private static String color(Line line) {
    return "c" + line.color() % 8;
  }

  private double x(double step) {
    return LEFT + across.place(step) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - up.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double coordinate) {
    return String.format(Locale.ROOT, "%.1f", coordinate);
  }
}
