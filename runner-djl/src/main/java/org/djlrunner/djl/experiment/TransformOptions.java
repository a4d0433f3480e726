package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.Padding;

/** Options that several transforms have, in the forms that MMClassification takes. */
final class TransformOptions {
  private TransformOptions() {}

  /** A side for both, or {@code [height, width]}; each 1 or more. */
  static Extent size(ConfigReader config, String key) {
    config.require(
        config.has(key), key, "missing; expected one length for both sides, or [height, width]");
    List<Integer> sides = oneOrMore(config, key, List.of(1));
    boolean right = (sides.size() == 1 || sides.size() == 2) && sides.stream().allMatch(s -> s > 0);
    config.require(right, key, "expected one length or [height, width], 1 or more, got " + sides);
    return right ? new Extent(sides.get(0), sides.get(sides.size() - 1)) : new Extent(1, 1);
  }

  /** A value for all channels or one each, 0 to 255; fractions are cut off, as numpy does. */
  static FillValue fill(ConfigReader config, String key, int fallback) {
    List<Double> values = oneOrMore(config, key, (double) fallback);
    boolean right =
        (values.size() == 1 || values.size() == 3)
            && values.stream().allMatch(v -> v >= 0 && v <= 255);
    config.require(right, key, "expected one value or three, 0 to 255 each, got " + values);
    return right
        ? new FillValue(values.stream().map(Double::intValue).toList())
        : FillValue.of(fallback);
  }

  /** One width, {@code [left and right, top and bottom]}, or {@code [left, top, right, bottom]}. */
  static Padding padding(ConfigReader config, String key) {
    List<Integer> w = oneOrMore(config, key, List.of(0));
    boolean right =
        (w.size() == 1 || w.size() == 2 || w.size() == 4) && w.stream().allMatch(v -> v >= 0);
    config.require(
        right,
        key,
        "expected one width, [left-right, top-bottom] or [left, top, right, bottom], 0 or more,"
            + " got "
            + w);
    if (!right) {
      return Padding.NONE;
    }
    // Left, top, right, bottom: what is missing repeats what is there.
    int n = w.size();
    return new Padding(w.get(0), w.get(1 % n), w.get(2 % n), w.get(3 % n));
  }

  /** OpenCV's interpolations by MMCV's names; its backend is the only one. */
  static Interpolation interpolation(ConfigReader config, Interpolation fallback) {
    String backend = config.string("backend", "cv2");
    config.require(
        backend.equals("cv2"), "backend", "only cv2 is there to resize images, got " + backend);
    return config.choice("interpolation", Interpolation.class, fallback);
  }

  static double probability(ConfigReader config) {
    return config.number("prob", 0.5);
  }

  /** Two numbers, the first not above the second. */
  static List<Double> range(ConfigReader config, String key, double low, double high) {
    List<Double> range = config.numbers(key, List.of(low, high));
    boolean right = range.size() == 2;
    config.require(right, key, "expected two numbers, got " + range);
    return right ? range : List.of(low, high);
  }

  /** A number or a list of them. */
  private static List<Double> oneOrMore(ConfigReader config, String key, double fallback) {
    return config.isSequence(key)
        ? config.numbers(key, List.of(fallback))
        : List.of(config.number(key, fallback));
  }

  /** A whole number or a list of them. */
  static List<Integer> oneOrMore(ConfigReader config, String key, List<Integer> fallback) {
    if (!config.has(key)) {
      return fallback;
    }
    return config.isSequence(key)
        ? config.integers(key, fallback)
        : new ArrayList<>(List.of(config.integer(key)));
  }
}
