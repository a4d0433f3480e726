package org.djlrunner.djl.data.transform;

import java.util.List;

/**
 * A pixel to fill with: one value for all channels, or one each.
 *
 * @param values 0 to 255
 */
public record FillValue(List<Integer> values) {
  /** Rejects values that are no uint8. */
  public FillValue {
    values = List.copyOf(values);
    if (values.isEmpty() || values.stream().anyMatch(v -> v < 0 || v > 255)) {
      throw new IllegalArgumentException(
          "a value to fill with is 0 to 255, one for all channels or one each, got " + values);
    }
  }

  /** The same for all channels. */
  public static FillValue of(int value) {
    return new FillValue(List.of(value));
  }

  /** The byte of a channel. */
  byte at(int channel) {
    return (byte) (int) values.get(values.size() == 1 ? 0 : channel);
  }
}
