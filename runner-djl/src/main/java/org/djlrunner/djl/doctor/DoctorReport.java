package org.djlrunner.djl.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A {@link Diagnosis} as aligned lines of plain text, at most 100 columns wide where words allow.
 */
public final class DoctorReport {

  private static final int WIDTH = 100;
  private static final String INDENT = " ".repeat(24);

  private DoctorReport() {}

  /** The whole page: one line or more for each finding, then the verdict. */
  public static List<String> lines(Diagnosis diagnosis) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : diagnosis.findings()) {
      String level = finding.level().name().toLowerCase(Locale.ROOT);
      String head = String.format(Locale.ROOT, "%-8s %-14s ", level, finding.topic());
      wrap(lines, head, finding.text());
      if (finding.advice() != null) {
        wrap(lines, INDENT, "-> " + finding.advice());
      }
    }
    lines.add("");
    lines.add(
        diagnosis.canTrain()
            ? "Training can run on: " + String.join(", ", diagnosis.devices())
            : "Training can't run until the errors above are put right.");
    String used = diagnosis.noGpu() == null ? "used: " : "not used: ";
    wrap(lines, "GPU: ", used + diagnosis.gpuExplanation());
    return lines;
  }

  private static void wrap(List<String> lines, String head, String text) {
    String indent = " ".repeat(head.length());
    StringBuilder line = new StringBuilder(head);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }
}
