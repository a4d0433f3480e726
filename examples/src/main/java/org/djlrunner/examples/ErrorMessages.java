package org.djlrunner.examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the command line says when something goes wrong, on standard error, and its exit code.
 *
 * <ul>
 *   <li>usage errors: message, similar names if any, where the help is; exit code 2
 *   <li>{@link UserError}, {@link ConfigException}, {@link DataException}, {@link
 *       CheckpointException}: its message; exit code 2
 *   <li>anything else: "unexpected error", its type and message; exit code 1
 * </ul>
 */
final class ErrorMessages implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final BooleanSupplier stacktrace;

  /** Asks for stack traces at the time of the error, when the options are known. */
  ErrorMessages(BooleanSupplier stacktrace) {
    this.stacktrace = stacktrace;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().root().name() + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    if (e instanceof UnmatchedArgumentException unmatched) {
      unmatched.getUnmatched().stream()
          .filter(List.of("--cuda", "--cpu")::contains)
          .forEach(
              choice ->
                  err.println(
                      choice + " is for ./runner and comes first: ./runner " + choice + " ..."));
    }
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    printStackTrace(e, err);
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    PrintWriter err = command.getErr();
    if (e instanceof UserError
        || e instanceof ConfigException
        || e instanceof DataException
        || e instanceof CheckpointException) {
      err.println(e.getMessage());
      printStackTrace(e, err);
      return ExitCode.USAGE;
    }
    return unexpected(e, err);
  }

  /** Also for what is no {@link Exception}: DJL throws errors for missing libraries. */
  int unexpected(Throwable e, PrintWriter err) {
    String hint =
        stacktrace.getAsBoolean() ? "" : " (--stacktrace or RUNNER_STACKTRACE=1 shows more)";
    err.println("unexpected error: " + e + hint);
    printStackTrace(e, err);
    return ExitCode.SOFTWARE;
  }

  private void printStackTrace(Throwable e, PrintWriter err) {
    if (stacktrace.getAsBoolean()) {
      e.printStackTrace(err);
    }
  }
}
