package org.djlrunner.djl.data;

import java.util.List;
import org.djlrunner.djl.data.GlyphShapes.Stroke;

/**
 * The unsteady hand of the built-in data set: where one image's pen goes, and how thick it is.
 *
 * <p>A glyph's points tremble (deviation {@value #TREMOR} of half its size), then all take one
 * affine map: mirrored or not, aspect 0.8 to 1.25 each way, shear up to 0.25, a scale of 0.65 to 1
 * of 20 pixels, a turn of up to 25 degrees, and a shift from the middle of up to {@value #SHIFT}
 * pixels each way, less where the glyph would come near the edge. Straight lines bow by about half
 * a pixel. The pen is 1 to 2.6 pixels wide.
 */
final class GlyphHand {
  private static final double TREMOR = 0.08;
  private static final double TURN = 25;
  private static final double HALF_SIZE = 10;
  private static final double ASPECT = 1.25;
  private static final double SHEAR = 0.25;
  private static final double SHIFT = 2.5;
  private static final double MARGIN = 2;
  private static final double BOW = 0.9;

  private final SplitMix random;
  private final InkCanvas canvas;

  GlyphHand(SplitMix random, InkCanvas canvas) {
    this.random = random;
    this.canvas = canvas;
  }

  /** Draws the strokes of one glyph, all with one pen. */
  void draw(List<Stroke> strokes) {
    double[][] placed = pose(strokes);
    centre(placed);
    double radius = random.between(0.5, 1.3);
    for (int i = 0; i < placed.length; i++) {
      if (strokes.get(i).curved()) {
        glide(placed[i], radius);
      } else {
        goStraight(placed[i], radius);
      }
    }
  }

  private double[][] pose(List<Stroke> strokes) {
    // StrictMath: Math.sin may differ in its last bit between machines, and the images with it.
    double angle = StrictMath.toRadians(random.between(-TURN, TURN));
    double scale = random.between(0.65, 1) * HALF_SIZE;
    double cos = StrictMath.cos(angle) * scale;
    double sin = StrictMath.sin(angle) * scale;
    double aspect = random.between(1 / ASPECT, ASPECT);
    double shear = random.between(-SHEAR, SHEAR);
    double mirror = random.below(2) == 0 ? -1 : 1;
    double[][] placed = new double[strokes.size()][];
    for (int s = 0; s < placed.length; s++) {
      double[] points = strokes.get(s).points().clone();
      for (int i = 0; i < points.length; i += 2) {
        double y = points[i + 1] + TREMOR * random.bell();
        double x = mirror * aspect * (points[i] + TREMOR * random.bell()) + shear * y;
        y /= aspect;
        points[i] = cos * x - sin * y;
        points[i + 1] = sin * x + cos * y;
      }
      placed[s] = points;
    }
    return placed;
  }

  /** Moves the glyph near the middle of the canvas: x (even places), then y (odd places). */
  private void centre(double[][] placed) {
    for (int axis = 0; axis < 2; axis++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] points : placed) {
        for (int i = axis; i < points.length; i += 2) {
          low = Math.min(low, points[i]);
          high = Math.max(high, points[i]);
        }
      }
      double last = canvas.side() - 1;
      double free = Math.max(0, (last - (high - low)) / 2 - MARGIN);
      double reach = Math.min(SHIFT, free);
      double shift = (last - low - high) / 2 + random.between(-reach, reach);
      for (double[] points : placed) {
        for (int i = axis; i < points.length; i += 2) {
          points[i] += shift;
        }
      }
    }
  }

  /** A quadratic spline: curves from midpoint to midpoint, each pulled by the point between. */
  private void glide(double[] p, double radius) {
    double x = p[0];
    double y = p[1];
    for (int i = 2; i < p.length - 2; i += 2) {
      boolean last = i == p.length - 4;
      double nextX = last ? p[i + 2] : (p[i] + p[i + 2]) / 2;
      double nextY = last ? p[i + 3] : (p[i + 1] + p[i + 3]) / 2;
      canvas.curve(x, y, p[i], p[i + 1], nextX, nextY, radius);
      x = nextX;
      y = nextY;
    }
  }

  private void goStraight(double[] p, double radius) {
    for (int i = 0; i < p.length - 2; i += 2) {
      double x = (p[i] + p[i + 2]) / 2 + BOW * random.bell();
      double y = (p[i + 1] + p[i + 3]) / 2 + BOW * random.bell();
      canvas.curve(p[i], p[i + 1], x, y, p[i + 2], p[i + 3], radius);
    }
  }
}
