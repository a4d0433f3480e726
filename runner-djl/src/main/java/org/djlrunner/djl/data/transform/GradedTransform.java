package org.djlrunner.djl.data.transform;

/** A transform whose strength RandAugment sets. */
public interface GradedTransform extends ImageTransform {
  /** What configs call its strength. */
  String magnitudeKey();

  /**
   * The same with another strength.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  GradedTransform withMagnitude(double magnitude);
}
