package org.djlrunner.djl.compile;

import org.jspecify.annotations.Nullable;

/**
 * A network does something that has no place in a compiled step; the message says what and where.
 */
public final class NotCompilableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NotCompilableException(String message) {
    super(message);
  }

  /** The same with what led to it, null if there is nothing. */
  public NotCompilableException(String message, @Nullable RuntimeException cause) {
    super(message, cause);
  }
}
