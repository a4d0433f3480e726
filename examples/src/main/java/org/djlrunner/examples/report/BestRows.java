package org.djlrunner.examples.report;

import java.util.List;

/** The best values of all runs as one table of the page. */
final class BestRows {
  private BestRows() {}

  /**
   * Writes the table, or nothing if no run has such values.
   *
   * @param names what the runs are called
   */
  static void write(Markup html, List<WorkFolder> runs, List<String> names) {
    if (runs.stream().allMatch(run -> run.best().isEmpty())) {
      return;
    }
    html.begin("section").element("h2", "Best values");
    html.begin("div", "class", "wide").begin("table").begin("tr");
    if (runs.size() > 1) {
      html.element("th", "run");
    }
    html.element("th", "result").element("th", "").element("th", "best", "class", "number");
    html.element("th", "epoch", "class", "number").element("th", "iteration", "class", "number");
    html.element("th", "checkpoint").element("th", "last", "class", "number").end();
    for (int run = 0; run < runs.size(); run++) {
      for (BestRow row : runs.get(run).best()) {
        html.begin("tr");
        if (runs.size() > 1) {
          html.element("td", names.get(run));
        }
        row(html, row);
        html.end();
      }
    }
    html.end().end().end();
  }

  private static void row(Markup html, BestRow row) {
    html.element("th", row.metric()).element("td", row.what(), "class", "quiet");
    html.element("td", NumberText.of(row.value()), "class", "number best");
    html.element("td", NumberText.count(row.epoch()), "class", "number");
    html.element("td", NumberText.count(row.step()), "class", "number");
    if (row.checkpoint().isPresent()) {
      html.element("td", row.checkpoint().get());
    } else {
      html.element("td", "not kept", "class", "quiet");
    }
    html.element("td", NumberText.of(row.last()), "class", "number");
  }
}
