package org.djlrunner.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code runner}; each of its subcommands is a class of its own, listed here.
 *
 * <p>Exit codes: 0 done, 1 it failed or can't run here, 2 a mistake on the command line or in what
 * it names ({@link UserError}).
 */
@Command(
    name = "runner",
    description = "Trains networks on the JVM with PyTorch's engine, on the CPU or on a GPU.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    subcommands = {
      TrainCommand.class,
      TestCommand.class,
      ReportCommand.class,
      ScheduleCommand.class,
      PlanCommand.class,
      ShowBatchCommand.class,
      DoctorCommand.class,
      BundleCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "More about one command: runner help COMMAND",
      "In front of the command, kept until changed: --cuda for NVIDIA GPUs, --cpu",
      "Environment: RUNNER_NATIVE=cpu|cu121, RUNNER_JAVA_OPTS, RUNNER_STACKTRACE=1"
    })
public final class RunnerCli implements Runnable {

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error too.")
  private boolean stacktrace;

  @Spec private CommandSpec spec;

  /** Only picocli and {@link #commandLine()} make one. */
  RunnerCli() {
    spec = CommandSpec.create();
  }

  /** Runs one command; errors end as exceptions do, which picocli leaves to the JVM. */
  static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      ErrorMessages errors = (ErrorMessages) commandLine.getExecutionExceptionHandler();
      return errors.unexpected(e, commandLine.getErr());
    }
  }

  /** The command line with its error messages and exit codes, for {@code main} and for tests. */
  public static CommandLine commandLine() {
    RunnerCli cli = new RunnerCli();
    ErrorMessages errors =
        new ErrorMessages(() -> cli.stacktrace || "1".equals(System.getenv("RUNNER_STACKTRACE")));
    return new CommandLine(cli)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setUsageHelpAutoWidth(true);
  }

  /** Called without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // DJL reports its use to Amazon unless told not to; started from an IDE, ./runner can't tell
    // it.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.exit(execute(commandLine(), args));
  }
}
