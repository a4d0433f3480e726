package org.djlrunner.examples;

/**
 * Something that the person at the command line can put right, such as a missing config file.
 *
 * <p>The command line prints the message alone, without a stack trace, and exits with 2. So the
 * message has to say what was seen, what was expected, and what to do.
 */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Its message is all the user sees. */
  public UserError(String message) {
    super(message);
  }

  /** The cause shows only with {@code --stacktrace}. */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
