package org.djlrunner.djl.data.transform;

import java.util.List;

/**
 * Fills a rectangle of random area, shape and place: MMClassification's {@code RandomErasing}.
 *
 * @param probability of anything happening; default 0.5
 * @param minArea least share of the picture's area; default 0.02
 * @param maxArea greatest share; default 0.4
 * @param minAspect least height / width; default 3/10
 * @param maxAspect greatest height / width; default 10/3
 * @param noise whether each byte is random; false fills with the colour
 * @param color default 128
 * @param deviation of noise around the colour by channel; empty for noise of 0 to 255
 */
public record RandomErasing(
    double probability,
    double minArea,
    double maxArea,
    double minAspect,
    double maxAspect,
    boolean noise,
    FillValue color,
    List<Double> deviation)
    implements GeometricTransform {
  /** Rejects ranges that are none. */
  public RandomErasing {
    deviation = List.copyOf(deviation);
    if (deviation.size() == 2
        || deviation.size() > 3
        || deviation.stream().anyMatch(std -> !(std >= 0))) {
      throw new IllegalArgumentException(
          "fill_std must be one deviation or three, 0 or more each, got " + deviation);
    }
    Probability.require("erase_prob", probability);
    if (!(minArea >= 0 && minArea <= maxArea && maxArea <= 1)) {
      throw new IllegalArgumentException(
          "min_area_ratio and max_area_ratio must ascend within 0 to 1, got "
              + minArea
              + " and "
              + maxArea);
    }
    if (!(minAspect > 0 && minAspect <= maxAspect)) {
      throw new IllegalArgumentException(
          "aspect_range must be two ascending numbers above 0, got "
              + minAspect
              + " and "
              + maxAspect);
    }
  }

  @Override
  public void place(Canvas canvas, SampleRandom random) {
    Rectangle part = part(canvas, random);
    canvas.fill(part.top(), part.left(), part.rows(), part.columns(), color);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!noise) {
      place(picture, random);
      return;
    }
    Rectangle part = part(picture, random);
    if (deviation.isEmpty()) {
      part.fill(picture, c -> random.between(0, 255));
    } else {
      part.fill(picture, c -> around(c, random));
    }
  }

  @Override
  public FillValue fillsWith() {
    return color;
  }

  /** Noise has as many random numbers as bytes. */
  @Override
  public boolean isGeometric() {
    return !noise;
  }

  /** What to fill, which may be nothing. */
  private Rectangle part(Canvas canvas, SampleRandom random) {
    if (!random.chance(probability)) {
      return new Rectangle(0, 0, 0, 0);
    }
    int height = canvas.height();
    int width = canvas.width();
    double aspect =
        StrictMath.exp(random.uniform(StrictMath.log(minAspect), StrictMath.log(maxAspect)));
    double area = (double) height * width * random.uniform(minArea, maxArea);
    int rows = (int) Math.min(height, Math.rint(Math.sqrt(area * aspect)));
    int columns = (int) Math.min(width, Math.rint(Math.sqrt(area / aspect)));
    int top = height > rows ? random.between(0, height - rows - 1) : 0;
    int left = width > columns ? random.between(0, width - columns - 1) : 0;
    return new Rectangle(top, left, rows, columns);
  }

  private int around(int channel, SampleRandom random) {
    double std = deviation.get(deviation.size() == 1 ? 0 : channel);
    return (int) Math.max(0, Math.min(255, random.gaussian(color.at(channel) & 0xFF, std)));
  }
}
