package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Exit codes and messages, in this process. */
class RunnerCliTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine commandLine = RunnerCli.commandLine();
    commandLine.addSubcommand(new Failing());
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return RunnerCli.execute(commandLine, args);
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: runner", "doctor", "--stacktrace");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesTheProjectAndJava() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("djl-runner ").contains("Java ");
  }

  @Test
  void unknownCommandIsAUsageErrorWithSuggestions() {
    assertThat(run("doctro")).isEqualTo(2);
    assertThat(err.toString()).contains("'doctro'", "Did you mean: runner doctor", "See: runner");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void launchersOptionBehindTheCommandIsToldItsPlace() {
    assertThat(run("doctor", "--cuda")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Unknown option: '--cuda'", "comes first: ./runner --cuda ...");
  }

  @Test
  void noCommandIsAUsageError() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("a command is missing");
  }

  @Test
  void usersErrorShowsItsMessageAlone() {
    assertThat(run("fail", "user")).isEqualTo(2);
    assertThat(err.toString()).isEqualToIgnoringNewLines("no such config");
  }

  @Test
  void unexpectedExceptionIsOneLineWithAHint() {
    assertThat(run("fail", "exception")).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("unexpected error: java.lang.IllegalStateException: broken", "--stacktrace");
  }

  @Test
  void stacktraceIsPrintedOnDemand() {
    assertThat(run("fail", "--stacktrace", "exception")).isEqualTo(1);
    assertThat(err.toString()).contains("at org.djlrunner.examples.RunnerCliTest");
  }

  @Test
  void errorsOfTheJvmAreReportedToo() {
    assertThat(run("fail", "error")).isEqualTo(1);
    assertThat(err.toString()).contains("unexpected error: java.lang.AssertionError: no library");
  }

  /** Throws what its argument says. */
  @Command(name = "fail")
  static final class Failing implements Runnable {

    @CommandLine.Parameters private String kind = "";

    @Override
    public void run() {
      switch (kind) {
        case "user" -> throw new UserError("no such config");
        case "error" -> throw new AssertionError("no library");
        default -> throw new IllegalStateException("broken");
      }
    }
  }
}
