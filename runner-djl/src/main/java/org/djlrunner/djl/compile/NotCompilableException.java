package org.djlrunner.djl.compile;

/**
 * A network does something that has no place in a compiled step; the message says what and where.
 */
public final class NotCompilableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NotCompilableException(String message) {
    super(message);
  }

  /** The same, told in terms of what the user asked for. */
  public NotCompilableException(String message, NotCompilableException cause) {
    super(message, cause);
  }
}
