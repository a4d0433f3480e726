package org.djlrunner.djl.doctor;

/** How much a {@link Finding} matters. */
public enum Level {
  /** As it should be. */
  OK,
  /** Worth knowing; nothing has to be done. */
  NOTE,
  /** Training runs, but not as well as this machine could, or not for long. */
  WARNING,
  /** Training does not run until this is put right. */
  ERROR
}
