package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where numbers lie along an edge, and which of them are written there.
 *
 * @param from the number at the beginning
 * @param to the number at the end, larger than {@code from}
 * @param logarithmic whether equal ratios are equally long; both ends are then above 0
 */
record Axis(double from, double to, boolean logarithmic) {
  private static final double[] STEPS = {1, 2, 5, 10};

  /**
   * An axis with a margin around values; around a single one it is as wide as that one is large.
   */
  static Axis around(double least, double greatest, boolean logarithmic) {
    if (logarithmic) {
      double margin = Math.pow(greatest / least, 0.05);
      return new Axis(least / margin, greatest * margin, true);
    }
    double width = greatest - least;
    double margin =
        width > Math.abs(greatest) * 1e-9 ? width * 0.05 : Math.max(Math.abs(greatest) * 0.1, 1e-9);
    return new Axis(least - margin, greatest + margin, false);
  }

  /** The place of a number: 0 at the beginning, 1 at the end. */
  double place(double number) {
    return logarithmic
        ? Math.log(number / from) / Math.log(to / from)
        : (number - from) / (to - from);
  }

  /**
   * Round numbers to write, in order.
   *
   * @param about how many there should be; a few more or less come out
   */
  List<Double> ticks(int about) {
    List<Double> ticks = logarithmic ? decades(about) : List.of();
    return ticks.size() >= 2 ? ticks : equallyFar(about);
  }

  private List<Double> equallyFar(int about) {
    double raw = (to - from) / about;
    double decade = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = decade;
    for (double factor : STEPS) {
      step = decade * factor;
      if (step >= raw * 0.7) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Powers of ten, and 2 and 5 times them if there is room, or only each k-th power. */
  private List<Double> decades(int about) {
    int first = (int) Math.floor(Math.log10(from));
    int last = (int) Math.ceil(Math.log10(to));
    boolean fine = (last - first) * 3 <= about * 2;
    int every = Math.max(1, (last - first) / about);
    List<Double> ticks = new ArrayList<>();
    for (int exponent = first; exponent <= last; exponent += every) {
      for (double factor : fine ? new double[] {1, 2, 5} : new double[] {1}) {
        double tick = factor * Math.pow(10, exponent);
        if (tick >= from && tick <= to) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
