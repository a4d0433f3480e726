package org.djlrunner.examples.report;

/** A folder of which no report can be made; the message says what was looked for. */
public final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReportException(String message) {
    super(message);
  }
}
