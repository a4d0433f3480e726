package org.djlrunner.djl.data;

/**
 * A square grey canvas on which a round pen draws lines and curves, anti-aliased.
 *
 * <p>Coordinates are pixels, with the middle of the top left pixel at (0, 0). How much ink a pixel
 * takes, from 0 to 1, falls from full to none over one pixel at the edge of the pen; where strokes
 * cross the stronger one counts, so that a crossing is no brighter than its lines.
 */
final class InkCanvas {
  // A piece of a curve spans a few pixels: with four chords the flat parts do not show.
  private static final int CHORDS = 4;

  private final int side;
  private final float[] ink;

  InkCanvas(int side) {
    this.side = side;
    this.ink = new float[side * side];
  }

  /** The width and the height, in pixels. */
  int side() {
    return side;
  }

  /** The ink of one pixel, by row-major position. */
  float ink(int position) {
    return ink[position];
  }

  /** Draws, in full ink, the quadratic curve from a to b that point c pulls towards itself. */
  void curve(double ax, double ay, double cx, double cy, double bx, double by, double radius) {
    double x = ax;
    double y = ay;
    for (int i = 1; i <= CHORDS; i++) {
      double t = (double) i / CHORDS;
      double s = 1 - t;
      double nextX = s * s * ax + 2 * s * t * cx + t * t * bx;
      double nextY = s * s * ay + 2 * s * t * cy + t * t * by;
      line(x, y, nextX, nextY, radius, 1);
      x = nextX;
      y = nextY;
    }
  }

  /** Draws a straight line with round ends, or a dot; what lies off the canvas is left out. */
  void line(double ax, double ay, double bx, double by, double radius, double strength) {
    // Only the pixels that the pen can reach. Floor, ceil and sqrt are exact on every machine.
    double reach = radius + 0.5;
    int left = clip(Math.ceil(Math.min(ax, bx) - reach));
    int right = clip(Math.floor(Math.max(ax, bx) + reach) + 1);
    int top = clip(Math.ceil(Math.min(ay, by) - reach));
    int bottom = clip(Math.floor(Math.max(ay, by) + reach) + 1);
    double dx = bx - ax;
    double dy = by - ay;
    double length2 = dx * dx + dy * dy;
    double perLength = length2 > 0 ? 1 / length2 : 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        double px = x - ax;
        double py = y - ay;
        double along = Math.min(1, Math.max(0, (px * dx + py * dy) * perLength));
        double ox = px - along * dx;
        double oy = py - along * dy;
        double distance2 = ox * ox + oy * oy;
        if (distance2 < reach * reach) {
          float value = (float) (strength * Math.min(1, reach - Math.sqrt(distance2)));
          int position = y * side + x;
          ink[position] = Math.max(ink[position], value);
        }
      }
    }
  }

  private int clip(double edge) {
    return (int) Math.min(side, Math.max(0, edge));
  }
}
