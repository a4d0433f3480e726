package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorReportTest {

  @Test
  void textIsAlignedAndAdviceFollows() {
    Diagnosis diagnosis =
        new Diagnosis(
            List.of(Finding.ok("Java", "17"), Finding.warning("Native", "odd", "mend it")),
            List.of("cpu"),
            "no driver. To use it: install it.",
            "no driver");
    assertThat(DoctorReport.lines(diagnosis))
        .containsExactly(
            "ok       Java           17",
            "warning  Native         odd",
            "                        -> mend it",
            "",
            "Training can run on: cpu",
            "GPU: not used: no driver. To use it: install it.");
  }

  @Test
  void longTextIsWrapped() {
    Diagnosis diagnosis = new Diagnosis(List.of(), List.of(), "word ".repeat(60).strip(), null);
    assertThat(DoctorReport.lines(diagnosis))
        .allMatch(line -> line.length() <= 100)
        .filteredOn(line -> line.startsWith("     word"))
        .hasSize(3);
  }
}
