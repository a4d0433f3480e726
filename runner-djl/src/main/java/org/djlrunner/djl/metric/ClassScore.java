package org.djlrunner.djl.metric;

import java.util.Locale;

/** What a confusion matrix says of a class. */
public enum ClassScore {
  /** The share of the samples predicted as the class that are of it, in percent; 0 if none. */
  PRECISION,
  /** The share of the class's samples predicted as it, in percent; 0 if it has none. */
  RECALL,
  /** The harmonic mean of precision and recall, in percent; 0 if both are. */
  F1_SCORE,
  /** The number of the class's samples. */
  SUPPORT;

  /** Its name in configs and logs, such as {@code f1_score}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
