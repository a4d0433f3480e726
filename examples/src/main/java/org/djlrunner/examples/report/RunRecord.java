package org.djlrunner.examples.report;

import java.util.Map;

/**
 * A record at its place in the run.
 *
 * @param mode {@code train}, {@code val} or another one
 * @param epoch the epoch shown
 * @param step the training iterations behind it
 * @param values numbers by name
 */
record RunRecord(String mode, int epoch, int step, Map<String, Double> values) {
  boolean isTrain() {
    return mode.equals(LogLine.TRAIN);
  }
}
