package org.djlrunner.examples.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.djlrunner.hook.EarlyStopping.Rule;

/**
 * Curves that share axes.
 *
 * @param title what they show
 * @param unit of the values, empty for none
 * @param lines one or more, each with a finite point
 */
record Chart(String title, String unit, List<Line> lines) {
  /** From this ratio on values are drawn by their logarithms. */
  private static final double WIDE = 50;

  /**
   * Whether all values are above 0 and differ by so much that the small ones would be flat. Of
   * scores, such as an accuracy, the large ones matter.
   */
  boolean isLogarithmic() {
    if (BestTable.RULE.of(title).equals(Optional.of(Rule.GREATER))) {
      return false;
    }
    double least = values().min().orElse(0);
    return least > 0 && values().max().orElse(0) / least >= WIDE;
  }

  /** All values that can be drawn. */
  DoubleStream values() {
    return lines.stream()
        .flatMap(line -> line.curve().points().stream())
        .filter(Point::isFinite)
        .mapToDouble(Point::value);
  }

  /** The last iteration of all lines, 1 or more. */
  int lastStep() {
    return lines.stream()
        .flatMap(line -> line.curve().points().stream())
        .mapToInt(Point::step)
        .max()
        .orElse(1);
  }

  /** Title, unit and kind of axis. */
  String caption() {
    return title
        + (unit.isEmpty() ? "" : " (" + unit + ")")
        + (isLogarithmic() ? ", log scale" : "");
  }
}
