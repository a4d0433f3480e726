package org.djlrunner.djl.data.transform;

/**
 * Fills a rectangle around a random pixel, cut off at the right and at the bottom:
 * MMClassification's {@code Cutout}.
 *
 * @param height of the rectangle
 * @param width of the rectangle
 * @param fill default 128
 * @param probability of anything happening; default 0.5
 */
public record Cutout(int height, int width, FillValue fill, double probability)
    implements GradedTransform, GeometricTransform {
  /** Rejects what are no sizes and no probability. */
  public Cutout {
    if (height < 0 || width < 0) {
      throw new IllegalArgumentException("shape must be 0 or more, got " + height + "x" + width);
    }
    Probability.require("prob", probability);
  }

  @Override
  public void place(Canvas canvas, SampleRandom random) {
    if (!random.chance(probability)) {
      return;
    }
    int top = (int) Math.max(0, random.uniform(0, canvas.height()) - height / 2.0);
    int left = (int) Math.max(0, random.uniform(0, canvas.width()) - width / 2.0);
    canvas.fill(
        top,
        left,
        Math.min(canvas.height(), top + height) - top,
        Math.min(canvas.width(), left + width) - left,
        fill);
  }

  @Override
  public FillValue fillsWith() {
    return fill;
  }

  @Override
  public String magnitudeKey() {
    return "shape";
  }

  @Override
  public Cutout withMagnitude(double other) {
    return new Cutout((int) other, (int) other, fill, probability);
  }
}
