package org.djlrunner.djl.data;

import org.jspecify.annotations.Nullable;

/** Data that is missing or broken, with where, what was expected and what to do in its message. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Something wrong with data. */
  public DataException(String message) {
    super(message);
  }

  /** Something wrong with data, and what brought it up, if anything did. */
  public DataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
