package org.djlrunner.djl.data;

import java.util.List;

/**
 * The ten shapes of the built-in data set, one for each class.
 *
 * <p>Each is one to three pen strokes in about the square from (-1, -1) to (1, 1), x to the right
 * and y down. They come in families that share most of their ink, so that which pixels are lit says
 * little and how the lit pixels join says all: closed outlines (ring, triangle, square, and the
 * spiral, which is nearly one), two lines that meet (cross, tee, arrow), and stacks of horizontal
 * runs (zigzag, wave, bars).
 */
final class GlyphShapes {

  /**
   * One movement of the pen.
   *
   * @param curved whether the pen glides past the inner points, or stops at each as at a corner
   * @param points where the pen goes: x and y in turn
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares strokes, and drawing wants doubles.
  record Stroke(boolean curved, double[] points) {}

  /** What the classes are called, by label. */
  static final List<String> NAMES =
      List.of(
          "ring",
          "spiral",
          "triangle",
          "square",
          "cross",
          "tee",
          "arrow",
          "zigzag",
          "wave",
          "bars");

  private static final List<List<Stroke>> STROKES =
      List.of(
          List.of(turn(10, 1.05, 1.05, 0, 1.04)),
          List.of(turn(14, 0.1, 1.1, 0.25, 1.75)),
          List.of(line(0, -1, 0.95, 0.8, -0.95, 0.8, 0, -1)),
          List.of(line(-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85, -0.85, -0.85)),
          List.of(line(0, -1, 0, 1), line(-1, 0, 1, 0)),
          List.of(line(-0.9, -0.9, 0.9, -0.9), line(0, -0.9, 0, 1)),
          List.of(line(0, 1, 0, -1), line(-0.7, -0.2, 0, -1, 0.7, -0.2)),
          List.of(line(-0.8, -0.9, 0.8, -0.9, -0.8, 0.9, 0.8, 0.9)),
          List.of(
              curve(
                  0.8, -0.8, 0.2, -1.1, -0.8, -1, -0.9, -0.2, 0, 0, 0.9, 0.2, 0.8, 1, -0.2, 1.1,
                  -0.8, 0.8)),
          List.of(
              line(-0.8, -0.85, 0.8, -0.85), line(-0.8, 0, 0.8, 0), line(-0.8, 0.85, 0.8, 0.85)));

  private GlyphShapes() {}

  /** The strokes of a class, in the order in which they are drawn. */
  static List<Stroke> strokes(int label) {
    return STROKES.get(label);
  }

  private static Stroke line(double... points) {
    return new Stroke(false, points);
  }

  private static Stroke curve(double... points) {
    return new Stroke(true, points);
  }

  /** A turn about the middle, from one radius and angle (in whole turns) to another. */
  private static Stroke turn(int pieces, double radius, double lastRadius, double from, double to) {
    double[] points = new double[2 * (pieces + 1)];
    for (int i = 0; i <= pieces; i++) {
      double along = (double) i / pieces;
      double reach = radius + (lastRadius - radius) * along;
      double angle = 2 * StrictMath.PI * (from + (to - from) * along);
      points[2 * i] = reach * StrictMath.sin(angle);
      points[2 * i + 1] = -reach * StrictMath.cos(angle);
    }
    return curve(points);
  }
}
