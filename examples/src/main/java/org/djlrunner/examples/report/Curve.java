package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A value over training iterations.
 *
 * @param points in the order of iterations
 */
record Curve(List<Point> points) {
  /** Keeps its own copy. */
  Curve {
    points = List.copyOf(points);
  }

  /**
   * A curve of fewer points that looks the same: of each of its equally long pieces the first, the
   * last, the least, the greatest and, if there is one, a point that is not finite are kept.
   *
   * @param most the largest number of points, 5 or more; a curve of no more stays as it is
   */
  Curve thinned(int most) {
    if (points.size() <= most) {
      return this;
    }
    int pieces = most / 5;
    TreeSet<Integer> kept = new TreeSet<>();
    for (int piece = 0; piece < pieces; piece++) {
      int from = (int) ((long) points.size() * piece / pieces);
      int to = (int) ((long) points.size() * (piece + 1) / pieces);
      keep(from, to, kept);
    }
    return new Curve(kept.stream().map(points::get).toList());
  }

  private void keep(int from, int to, TreeSet<Integer> kept) {
    int least = -1;
    int greatest = -1;
    int gap = -1;
    for (int i = from; i < to; i++) {
      if (!points.get(i).isFinite()) {
        gap = i;
        continue;
      }
      double value = points.get(i).value();
      if (least < 0 || value < points.get(least).value()) {
        least = i;
      }
      if (greatest < 0 || value > points.get(greatest).value()) {
        greatest = i;
      }
    }
    kept.add(from);
    kept.add(to - 1);
    for (int found : new int[] {least, greatest, gap}) {
      if (found >= 0) {
        kept.add(found);
      }
    }
  }

  /** The pieces between points that are not finite, without those points. */
  List<List<Point>> pieces() {
    List<List<Point>> pieces = new ArrayList<>();
    List<Point> piece = new ArrayList<>();
    for (Point point : points) {
      if (point.isFinite()) {
        piece.add(point);
      } else if (!piece.isEmpty()) {
        pieces.add(piece);
        piece = new ArrayList<>();
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(piece);
    }
    return pieces;
  }

  /** The points that can be drawn. */
  List<Point> finite() {
    return points.stream().filter(Point::isFinite).toList();
  }

  /** How many points can't be drawn. */
  int gaps() {
    return points.size() - finite().size();
  }

  /** The last point, empty for a curve without any. */
  Optional<Point> last() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.get(points.size() - 1));
  }
}
