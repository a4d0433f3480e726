package org.djlrunner.examples.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An evaluation's classes as tables: the scores of each, and which were taken for which. */
final class ClassTables {
  /** Wider confusion matrices are shown as their most frequent confusions. */
  private static final int WIDEST = 30;

  private static final int MOST_CONFUSIONS = 20;

  private ClassTables() {}

  /** All tables of an evaluation. */
  static String of(Evaluation evaluation) {
    Markup html = new Markup();
    html.begin("div", "class", "tables");
    evaluation.scores().forEach((ending, scores) -> scores(html, evaluation, ending, scores));
    evaluation.confusions().forEach((ending, rows) -> confusions(html, evaluation, ending, rows));
    return html.end().toString();
  }

  private static void scores(
      Markup html, Evaluation evaluation, String ending, Map<String, List<Double>> scores) {
    html.begin("div", "class", "wide").element("h4", "Scores of each class" + threshold(ending));
    html.begin("table");
    html.begin("tr").element("th", "class");
    scores.keySet().forEach(score -> html.element("th", score, "class", "number"));
    html.end();
    for (int c = 0; c < evaluation.classes().size(); c++) {
      html.begin("tr").element("th", evaluation.classes().get(c));
      for (Map.Entry<String, List<Double>> score : scores.entrySet()) {
        html.element("td", text(score.getKey(), score.getValue().get(c)), "class", "number");
      }
      html.end();
    }
    evaluation
        .averages()
        .getOrDefault(ending, Map.of())
        .forEach(
            (way, values) -> {
              html.begin("tr", "class", "average").element("th", way);
              for (String score : scores.keySet()) {
                html.element(
                    "td", text(score, values.getOrDefault(score, Double.NaN)), "class", "number");
              }
              html.end();
            });
    html.end().end();
  }

  private static void confusions(
      Markup html, Evaluation evaluation, String ending, List<List<Long>> rows) {
    html.begin("div", "class", "wide").element("h4", "Confusion matrix" + threshold(ending));
    if (rows.size() > WIDEST) {
      mostFrequent(html, evaluation.classes(), rows);
    } else {
      matrix(html, evaluation.classes(), rows);
    }
    html.end();
  }

  private static void matrix(Markup html, List<String> classes, List<List<Long>> rows) {
    boolean none = rows.stream().anyMatch(row -> row.get(classes.size()) > 0);
    int columns = classes.size() + (none ? 1 : 0);
    html.begin("table", "class", "matrix");
    html.begin("tr").element("th", "label \\ prediction");
    for (int c = 0; c < columns; c++) {
      html.element("th", name(classes, c), "class", "number");
    }
    html.end();
    for (int label = 0; label < rows.size(); label++) {
      List<Long> row = rows.get(label);
      double all = Math.max(1, row.stream().mapToLong(Long::longValue).sum());
      html.begin("tr").element("th", classes.get(label));
      for (int c = 0; c < columns; c++) {
        // Few confusions of many samples shall be seen, too.
        double share = c == label ? row.get(c) / all : Math.sqrt(row.get(c) / all);
        html.element(
            "td",
            row.get(c) == 0 ? "·" : NumberText.count(row.get(c)),
            "class",
            c == label ? "number right" : "number wrong",
            "style",
            String.format(Locale.ROOT, "--share:%.3f", share));
      }
      html.end();
    }
    html.end();
  }

  private record Confusion(int label, int prediction, long count) {}

  private static void mostFrequent(Markup html, List<String> classes, List<List<Long>> rows) {
    List<Confusion> confusions = new ArrayList<>();
    for (int label = 0; label < rows.size(); label++) {
      for (int c = 0; c <= classes.size(); c++) {
        if (c != label && rows.get(label).get(c) > 0) {
          confusions.add(new Confusion(label, c, rows.get(label).get(c)));
        }
      }
    }
    confusions.sort(Comparator.comparingLong(Confusion::count).reversed());
    html.element(
        "p",
        String.format(
            Locale.ROOT,
            "%,d classes are too many for a matrix here; these are the most frequent confusions.",
            rows.size()));
    html.begin("table").begin("tr").element("th", "label").element("th", "prediction");
    html.element("th", "samples", "class", "number").end();
    for (Confusion confusion :
        confusions.subList(0, Math.min(MOST_CONFUSIONS, confusions.size()))) {
      html.begin("tr").element("td", classes.get(confusion.label()));
      html.element("td", name(classes, confusion.prediction()));
      html.element("td", NumberText.count(confusion.count()), "class", "number").end();
    }
    html.end();
  }

  private static String name(List<String> classes, int column) {
    return column < classes.size() ? classes.get(column) : "none";
  }

  private static String threshold(String ending) {
    return ending.startsWith("_thr_")
        ? ", threshold " + ending.substring("_thr_".length())
        : ending;
  }

  /** Percents with two digits, numbers of samples as they are. */
  private static String text(String score, double value) {
    return score.equals("support") && value == Math.rint(value)
        ? NumberText.count((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
