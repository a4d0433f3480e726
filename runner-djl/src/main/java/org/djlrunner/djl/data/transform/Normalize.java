package org.djlrunner.djl.data.transform;

import java.util.List;

/**
 * {@code (pixel - mean) / std} by channel, which the device does for whole batches.
 *
 * @param mean per channel, in pixel units
 * @param std per channel, in pixel units
 * @param toRgb whether the network sees red-green-blue, as mean and std then are; false for
 *     blue-green-red. Default true
 */
public record Normalize(List<Double> mean, List<Double> std, boolean toRgb)
    implements PipelineStep {
  /** Keeps its own copies. */
  public Normalize {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }
}
