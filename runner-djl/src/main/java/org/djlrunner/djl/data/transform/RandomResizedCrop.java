package org.djlrunner.djl.data.transform;

/**
 * A part of random area and shape, resized: MMClassification's {@code RandomResizedCrop}.
 *
 * @param size of the result
 * @param minScale least share of the picture's area; default 0.08
 * @param maxScale greatest share; default 1
 * @param minRatio least width / height; default 3/4
 * @param maxRatio greatest width / height; default 4/3
 * @param maxAttempts tries before the largest part in the middle that has such a shape is taken;
 *     default 10
 * @param interpolation default bilinear
 */
public record RandomResizedCrop(
    Extent size,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    int maxAttempts,
    Interpolation interpolation)
    implements ImageTransform {
  /** Rejects ranges that are none. */
  public RandomResizedCrop {
    if (!(minScale > 0 && minScale <= maxScale)) {
      throw new IllegalArgumentException(
          "scale must be two ascending numbers above 0, got " + minScale + " and " + maxScale);
    }
    if (!(minRatio > 0 && minRatio <= maxRatio)) {
      throw new IllegalArgumentException(
          "ratio must be two ascending numbers above 0, got " + minRatio + " and " + maxRatio);
    }
  }

  /** MMClassification's defaults. */
  public static RandomResizedCrop of(int size) {
    return new RandomResizedCrop(
        new Extent(size, size), 0.08, 1, 3.0 / 4, 4.0 / 3, 10, Interpolation.BILINEAR);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    int height = picture.height();
    int width = picture.width();
    double area = (double) height * width;
    double low = StrictMath.log(minRatio);
    double high = StrictMath.log(maxRatio);
    for (int attempt = 0; attempt < maxAttempts; attempt++) {
      double share = area * random.uniform(minScale, maxScale);
      double ratio = StrictMath.exp(random.uniform(low, high));
      int columns = (int) Math.rint(Math.sqrt(share * ratio));
      int rows = (int) Math.rint(Math.sqrt(share / ratio));
      if (columns > 0 && columns <= width && rows > 0 && rows <= height) {
        int top = random.between(0, height - rows);
        int left = random.between(0, width - columns);
        picture.resize(top, left, rows, columns, size, interpolation);
        return;
      }
    }
    int columns = (int) Math.max(1, Math.min(width, Math.rint(height * maxRatio)));
    int rows = (int) Math.max(1, Math.min(height, Math.rint(width / minRatio)));
    picture.resize((height - rows) / 2, (width - columns) / 2, rows, columns, size, interpolation);
  }

  @Override
  public Extent after(Extent before) {
    return size;
  }
}
