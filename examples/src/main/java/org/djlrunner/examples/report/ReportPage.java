package org.djlrunner.examples.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The page: one HTML file that needs nothing else, no network and no script. */
final class ReportPage {
  private static final String STYLE = "report.css";

  /** Says to browsers what the page never does. */
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private final List<WorkFolder> runs;
  private final List<String> names;
  private final List<Chart> charts;
  private final Markup html = new Markup();

  private ReportPage(List<WorkFolder> runs, List<Chart> charts) {
    this.runs = runs;
    this.names = RunNames.of(runs);
    this.charts = charts;
  }

  /** The page of one or more runs and their charts. */
  static String of(List<WorkFolder> runs, List<Chart> charts) {
    return new ReportPage(runs, charts).written();
  }

  private String written() {
    String title = String.join(", ", names);
    html.raw("<!DOCTYPE html>\n").begin("html", "lang", "en").begin("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.element("title", title).begin("style").raw(style()).end().end();
    html.begin("body").begin("header").element("h1", title);
    for (int run = 0; run < runs.size(); run++) {
      html.element("p", (runs.size() == 1 ? "" : names.get(run) + ": ") + summary(runs.get(run)));
    }
    html.end().begin("main");
    notes();
    curves();
    BestRows.write(html, runs, names);
    for (int run = 0; run < runs.size(); run++) {
      ofRun(runs.get(run), runs.size() == 1 ? "" : names.get(run) + ": ");
    }
    return html.end().end().end().raw("\n").toString();
  }

  private static String summary(WorkFolder run) {
    int steps = run.records().stream().mapToInt(RunRecord::step).max().orElse(0);
    int epochs = run.records().stream().mapToInt(RunRecord::epoch).max().orElse(0);
    return run.records().isEmpty()
        ? "no log"
        : String.format(
            Locale.ROOT,
            "%,d iterations, %,d epoch%s, from %s",
            steps,
            epochs,
            epochs == 1 ? "" : "s",
            String.join(", ", run.logFiles()));
  }

  private void notes() {
    if (runs.stream().allMatch(run -> run.notes().isEmpty())) {
      return;
    }
    html.begin("section", "class", "notes").begin("ul");
    for (int run = 0; run < runs.size(); run++) {
      for (String note : runs.get(run).notes()) {
        html.element("li", (runs.size() == 1 ? "" : names.get(run) + ": ") + note);
      }
    }
    html.end().end();
  }

  private void curves() {
    html.begin("section", "class", "charts");
    for (Chart chart : charts) {
      html.begin("figure").element("figcaption", chart.caption()).raw(SvgChart.of(chart));
      html.begin("div", "class", "legend");
      for (Line line : chart.lines()) {
        html.begin("span").raw(SvgChart.sample(line)).text(line.label());
        line.curve().last().ifPresent(p -> html.element("b", NumberText.of(p.value())));
        if (line.curve().gaps() > 0) {
          html.text(" (not finite in places)");
        }
        html.end();
      }
      html.end().end();
    }
    html.end();
  }

  private void ofRun(WorkFolder run, String front) {
    for (Evaluation evaluation : run.evaluations()) {
      html.begin("section").element("h2", front + "Classes" + named(evaluation));
      html.element(
          "p",
          String.format(
              Locale.ROOT,
              "After epoch %,d, iteration %,d (evaluation/%s).",
              evaluation.epoch(),
              evaluation.step(),
              evaluation.file()));
      html.raw(ClassTables.of(evaluation)).end();
    }
    run.config()
        .ifPresent(
            config -> {
              html.begin("section").begin("details");
              html.begin("summary").element("h2", front + "Config").text(config.source()).end();
              html.element("pre", config.text()).end().end();
            });
    if (!run.facts().isEmpty()) {
      html.begin("section").begin("details");
      html.begin("summary").element("h2", front + "Environment").end();
      html.begin("div", "class", "wide").begin("table", "class", "facts");
      run.facts()
          .forEach(
              (name, value) ->
                  html.begin("tr").element("th", name).element("td", value, "class", "fact").end());
      html.end().end().end().end();
    }
  }

  private static String named(Evaluation evaluation) {
    return evaluation.name().isEmpty() ? "" : " of " + evaluation.name();
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + " is not beside " + ReportPage.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
