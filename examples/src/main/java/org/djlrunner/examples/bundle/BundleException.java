package org.djlrunner.examples.bundle;

/** A bundle that can't be made as asked; the message says why, and what to do. */
public final class BundleException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BundleException(String message) {
    super(message);
  }

  BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
