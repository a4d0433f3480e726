package org.djlrunner.djl.metric;

/** How one number is made of the scores of all classes; MMClassification's {@code average_mode}. */
public enum Averaging {
  /** The mean over classes, each the same weight, those without samples too. */
  MACRO,
  /** The score of all samples together. */
  MICRO,
  /** None is made: the classes' own scores only. */
  NONE
}
