package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.djlrunner.djl.doctor.Diagnosis;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("X04 doctor command")
class DoctorCommandTest {

  private final StringWriter out = new StringWriter();

  private int run(String... devices) {
    Diagnosis diagnosis =
        new Diagnosis(List.of(), List.of(devices), "no driver here.", "no driver");
    CommandLine commandLine = new CommandLine(new DoctorCommand(() -> diagnosis));
    return commandLine.setOut(new PrintWriter(out)).execute();
  }

  @Test
  void exitCodeIsZeroWhenTrainingCanRun() {
    assertThat(run("gpu:0", "cpu")).isZero();
    assertThat(out.toString()).contains("Training can run on: gpu:0, cpu");
  }

  @Test
  void exitCodeIsOneWhenItCanNot() {
    assertThat(run()).isEqualTo(1);
    assertThat(out.toString()).contains("Training can't run", "GPU: not used: no driver here.");
  }
}
