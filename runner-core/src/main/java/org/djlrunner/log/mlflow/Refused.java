package org.djlrunner.log.mlflow;

import java.io.IOException;

/** A server's answer that isn't what was asked for. */
final class Refused extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refused(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The answer's HTTP status. */
  int status() {
    return status;
  }

  /** Whether the same request may be answered another time: the server failed or is too busy. */
  boolean passes() {
    return status >= 500 || status == 429;
  }
}
