package org.djlrunner.schedule;

/** The value of one parameter group anywhere in a run; a pure function. */
@FunctionalInterface
public interface Curve {
  /** The value at a position. */
  double at(Position position);
}
