package org.djlrunner.djl.data.transform;

import java.util.List;

/**
 * Shifts the colours along the data's principal components by random amounts: MMClassification's
 * {@code Lighting}, rounded to 8 bit.
 *
 * @param eigenvalues one for each component, in pixel units
 * @param eigenvectors a row for each channel, red first, a column for each component
 * @param deviation of the random amounts; default 0.1
 */
public record Lighting(List<Double> eigenvalues, List<List<Double>> eigenvectors, double deviation)
    implements ImageTransform {
  /** Rejects vectors that don't fit the values. */
  public Lighting {
    eigenvalues = List.copyOf(eigenvalues);
    eigenvectors = eigenvectors.stream().map(List::copyOf).toList();
    int components = eigenvalues.size();
    if (eigenvectors.size() != 3 || eigenvectors.stream().anyMatch(v -> v.size() != components)) {
      throw new IllegalArgumentException(
          "eigvec must have three rows (red, green, blue) of "
              + components
              + " numbers, as many as eigval, got "
              + eigenvectors);
    }
    if (!(deviation >= 0)) {
      throw new IllegalArgumentException("alphastd must be 0 or more, got " + deviation);
    }
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    double[] amounts = new double[eigenvalues.size()];
    for (int i = 0; i < amounts.length; i++) {
      amounts[i] = random.gaussian(0, deviation) * eigenvalues.get(i);
    }
    for (int c = 0; c < picture.channels(); c++) {
      double shift = 0;
      for (int i = 0; i < amounts.length; i++) {
        shift += eigenvectors.get(c).get(i) * amounts[i];
      }
      double add = shift;
      Tables.apply(picture, c, Tables.truncated(v -> Math.rint(v + add)));
    }
  }
}
