package org.djlrunner.examples.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one or more runs left behind, as a page and as images. */
public final class Report {
  private final List<WorkFolder> runs;
  private final List<Chart> charts;

  private Report(List<WorkFolder> runs) {
    this.runs = runs;
    this.charts = Charts.of(runs);
  }

  /**
   * Reads work folders; several are drawn into the same charts.
   *
   * @throws ReportException if there is a folder of which nothing can be shown; its message names
   *     all such folders
   */
  public static Report of(List<Path> folders) {
    List<WorkFolder> runs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path folder : folders) {
      try {
        runs.add(WorkFolder.read(folder));
      } catch (ReportException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ReportException(String.join("\n", problems));
    }
    return new Report(runs);
  }

  /** The page: HTML in one piece, for UTF-8. */
  public String html() {
    return ReportPage.of(runs, charts);
  }

  /**
   * Writes each chart as a PNG file into a folder, which is made if it isn't there.
   *
   * @return the files
   * @throws IOException if one can't be written
   */
  public List<Path> writeImages(Path folder) throws IOException {
    return ChartImages.write(charts, folder);
  }

  /** Sentences about what is missing, damaged or dropped, as the page shows them. */
  public List<String> notes() {
    return runs.stream().flatMap(run -> run.notes().stream()).toList();
  }
}
