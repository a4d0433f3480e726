package org.djlrunner.djl.data;

import java.util.Collections;
import java.util.List;

/**
 * What turns pixels of 0 to 255 into the network's input: {@code (pixel - mean) / std} by channel.
 *
 * @param mean per channel, in pixel units
 * @param std per channel, in pixel units, each above 0
 */
public record Normalization(List<Double> mean, List<Double> std) {
  /** Rejects lists of different length and a std of 0. */
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new IllegalArgumentException(
          "mean and std need one value a channel each, got " + mean + " and " + std);
    }
    if (std.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException("std must be above 0, got " + std);
    }
  }

  /** Brings pixels to -1 to 1, for any number of channels. */
  public static Normalization symmetric(int channels) {
    return new Normalization(
        Collections.nCopies(channels, 127.5), Collections.nCopies(channels, 127.5));
  }
}
