package org.djlrunner.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.djlrunner.examples.report.HandWrittenRun.train;
import static org.djlrunner.examples.report.HandWrittenRun.val;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that is made of hand-written work folders. */
class ReportPageTest {
  private static final String CLASSES =
      """
      {"evaluation": "", "epoch": 2, "step": 40, "results": {"loss": 1},
       "classes": ["cat & <dog>", "bird"],
       "per_class": {"precision": [100, 75.5], "support": [3, 1200]},
       "average": {"macro": {"precision": 87.75, "support": 1203}},
       "confusion_matrix": [[2, 1, 0], [0, 1199, 1]]}""";

  @TempDir private Path temporary;

  private HandWrittenRun run(String name) {
    return new HandWrittenRun(temporary.resolve(name));
  }

  private static String html(HandWrittenRun... runs) {
    return Report.of(Arrays.stream(runs).map(HandWrittenRun::folder).toList()).html();
  }

  private static HandWrittenRun whole(HandWrittenRun run) throws IOException {
    return run.file(
            "1.log.json",
            "{\"seed\": 7, \"exp_name\": \"my.yaml\", \"environment\": {\"java\": \"17\"}}",
            train(
                1,
                10,
                "\"lr\": 0.1, \"heap\": 60, \"time\": 0.2, \"data_time\": 0.1, \"samples_per_s\": 320, \"loss\": 4, \"grad_norm\": 2"),
            train(
                1,
                20,
                "\"lr\": 0.2, \"heap\": 70, \"time\": 0.2, \"data_time\": 0.1, \"samples_per_s\": 300, \"loss\": 3, \"grad_norm\": 3"),
            val(1, 20, "\"lr\": 0.2, \"loss\": 3.5, \"noisy/loss\": 3.9, \"accuracy_top-1\": 80"),
            train(
                2,
                20,
                "\"lr\": 0.3, \"heap\": 80, \"time\": 0.2, \"data_time\": 0.1, \"samples_per_s\": 310, \"loss\": 2, \"grad_norm\": 4"),
            val(2, 40, "\"lr\": 0.3, \"loss\": 2.5, \"noisy/loss\": 2.9, \"accuracy_top-1\": 90"))
        .file(
            "1.csv",
            "mode,epoch,iter,step,lr,momentum,loss",
            "train,1,10,10,0.1,0.9,4",
            "train,2,20,40,0.3,0.8,2",
            "val,2,8,40,0.3,0.8,2",
            "train,2,")
        .file("my.yaml", "model: {type: LeNet5}")
        .file("other.yaml", "model: {type: Other}")
        .file("evaluation/epoch_1.json", CLASSES.replace("40", "20").replace("bird", "fish"))
        .file("evaluation/epoch_2.json", CLASSES);
  }

  @Test
  @DisplayName("J01 every value of the logs has its chart, in a fixed order")
  void charts() throws IOException {
    Page page = Page.parse(html(whole(run("a"))));
    assertThat(page.captions())
        .containsExactly(
            "loss",
            "accuracy_top-1",
            "learning rate",
            "momentum",
            "time of an iteration (s)",
            "throughput (samples/s)",
            "memory (MiB)",
            "grad_norm");
    assertThat(page.legend("loss")).containsExactly("train2", "val2.5", "val noisy2.9");
    assertThat(page.legend("time of an iteration (s)")).containsExactly("time0.2", "data_time0.1");
    assertThat(page.texts("//header/p"))
        .containsExactly("40 iterations, 2 epochs, from 1.log.json");
    assertThat(page.texts("//*[@class='notes']")).isEmpty();
  }

  @Test
  @DisplayName("J01 points of a line are at their iterations and values")
  void points() throws IOException {
    Page page = Page.parse(html(whole(run("a"))));

    List<Page.Place> rate = page.lines("learning rate").get(0);

    assertThat(rate).hasSize(3);
    // Iterations 10, 20 and 40; rates 0.1, 0.2 and 0.3, upwards.
    double ten = rate.get(1).x() - rate.get(0).x();
    assertThat(rate.get(2).x() - rate.get(1).x()).isCloseTo(2 * ten, within(0.2));
    double tenth = rate.get(0).y() - rate.get(1).y();
    assertThat(tenth).isPositive();
    assertThat(rate.get(1).y() - rate.get(2).y()).isCloseTo(tenth, within(0.2));
    assertThat(page.texts(Page.figure("accuracy_top-1") + "//circle/title"))
        .containsExactly("val, iteration 20: 80", "val, iteration 40: 90");
  }

  @Test
  @DisplayName("J01 a wide range of values above 0 is drawn by logarithms, but not that of scores")
  void logarithmic() throws IOException {
    HandWrittenRun run =
        run("a")
            .file(
                "1.log.json",
                val(1, 10, "\"loss\": 1, \"accuracy\": 1"),
                val(2, 20, "\"loss\": 0.1, \"accuracy\": 10"),
                val(3, 30, "\"loss\": 0.01, \"accuracy\": 100"));
    Page page = Page.parse(html(run));
    assertThat(page.captions()).containsExactly("loss, log scale", "accuracy");
    List<Page.Place> loss = page.lines("loss, log scale").get(0);
    assertThat(loss.get(2).y() - loss.get(1).y())
        .isPositive()
        .isCloseTo(loss.get(1).y() - loss.get(0).y(), within(0.2));
  }

  @Test
  @DisplayName("J01 the page needs no network and no script, and says so to browsers")
  void selfContained() throws IOException {
    String html = html(whole(run("a")));
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("default-src 'none'".replace("'", "&#39;"))
        .contains("prefers-color-scheme: dark", "width=device-width")
        .doesNotContain("<script", "http://", "https://", "src=", "href=", "url(", "@import");
  }

  @Test
  @DisplayName("J04 best values stand in a table with their epoch, iteration and checkpoint")
  void best() throws IOException {
    HandWrittenRun run = whole(run("a")).file("best_accuracy_top-1_epoch_2.safetensors", "");
    run.file(
        "checkpoints.json",
        "{\"files\": [{\"file\": \"best_accuracy_top-1_epoch_2.safetensors\",",
        "\"kept_as\": \"best accuracy_top-1\", \"score\": 90, \"epoch\": 2, \"iter\": 40}]}");
    assertThat(Page.parse(html(run)).rows("//section[h2='Best values']"))
        .contains(
            List.of(
                "accuracy_top-1",
                "highest",
                "90",
                "2",
                "40",
                "best_accuracy_top-1_epoch_2.safetensors",
                "90"));
  }

  @Test
  @DisplayName("J05 the last evaluation's classes are tables: scores, averages, confusion matrix")
  void classes() throws IOException {
    Page page = Page.parse(html(whole(run("a"))));
    assertThat(page.texts("//section[h2='Classes']/p"))
        .containsExactly("After epoch 2, iteration 40 (evaluation/epoch_2.json).");
    assertThat(page.rows("//div[h4='Scores of each class']/table"))
        .containsExactly(
            List.of("class", "precision", "support"),
            List.of("cat & <dog>", "100.00", "3"),
            List.of("bird", "75.50", "1,200"),
            List.of("macro", "87.75", "1,203"));
    assertThat(page.rows("//div[h4='Confusion matrix']/table"))
        .containsExactly(
            List.of("label \\ prediction", "cat & <dog>", "bird", "none"),
            List.of("cat & <dog>", "2", "1", "·"),
            List.of("bird", "·", "1,199", "1"));
  }

  @Test
  @DisplayName("J05 evaluations behind the log's end, which a resume took back, are passed over")
  void takenBack() throws IOException {
    HandWrittenRun run =
        whole(run("a")).file("evaluation/epoch_9.json", CLASSES.replace("40", "180"));
    assertThat(Page.parse(html(run)).texts("//section[h2='Classes']/p").get(0))
        .contains("epoch_2.json");
  }

  @Test
  @DisplayName("J05 of more than 30 classes the most frequent confusions are shown")
  void manyClasses() throws IOException {
    String names = IntStream.range(0, 31).mapToObj(c -> "\"c" + c + "\"").toList().toString();
    StringBuilder rows = new StringBuilder();
    for (int label = 0; label < 31; label++) {
      int[] row = new int[32];
      row[label] = 100;
      row[(label + 1) % 31] = label;
      rows.append(label == 0 ? "" : ",").append(Arrays.toString(row));
    }
    HandWrittenRun run =
        run("a")
            .file(
                "evaluation/epoch_1.json",
                "{\"epoch\": 1, \"step\": 9, \"classes\": " + names,
                ", \"confusion_matrix\": [" + rows + "]}");
    List<List<String>> shown = Page.parse(html(run)).rows("//div[h4='Confusion matrix']/table");
    assertThat(shown).hasSize(21);
    assertThat(shown.get(1)).containsExactly("c30", "c0", "30");
    assertThat(shown.get(2)).containsExactly("c29", "c30", "29");
  }

  @Test
  @DisplayName("J06 the run's own config and environment are on the page, else those of the log")
  void configAndEnvironment() throws IOException {
    Page page = Page.parse(html(whole(run("a"))));
    assertThat(page.texts("//pre")).containsExactly("model: {type: LeNet5}\n");
    assertThat(page.rows("//details[summary/h2='Environment']"))
        .containsExactly(List.of("seed", "7"), List.of("environment.java", "17"));
    HandWrittenRun logOnly =
        run("b")
            .file(
                "1.log.json",
                "{\"config\": {\"model\": \"x\"}, \"env_info\": \"Python\\n3\"}",
                train(1, 10, "\"loss\": 1"));
    Page other = Page.parse(html(logOnly));
    assertThat(other.texts("//pre").get(0)).contains("\"model\" : \"x\"");
    assertThat(other.rows("//details[summary/h2='Environment']"))
        .containsExactly(List.of("env_info", "Python\n3"));
  }

  @Test
  @DisplayName("J06 whatever a run holds, names of files and values too, is text on the page")
  void escaped() throws IOException {
    String evil = "<script>alert('&\\\"')</script>";
    String plain = evil.replace("\\", "");
    HandWrittenRun run =
        run("a&b <i>")
            .file(
                "1 & <b>.log.json",
                "{\"env_info\": \"" + evil + "\", \"config\": \"" + evil + "\"}",
                "broken",
                val(1, 10, "\"" + evil.replace("/", "") + "\": 1"))
            .file(
                "evaluation/x.json",
                "{\"evaluation\": \""
                    + evil
                    + "\", \"epoch\": 1, \"step\": 10, \"classes\": [\""
                    + evil
                    + "\"],",
                "\"per_class\": {\"" + evil + "\": [1]}}");
    String html = html(run);
    Page page = Page.parse(html);
    assertThat(html).doesNotContain("<script", "<i>", "<b>.log");
    assertThat(page.texts("//h1")).containsExactly("a&b <i>");
    assertThat(page.captions()).containsExactly(plain.replace("/", ""));
    assertThat(page.texts("//pre")).containsExactly(plain);
    assertThat(page.texts("//td[@class='fact']")).containsExactly(plain);
    assertThat(page.rows("//div[h4='Scores of each class']/table").get(1).get(0)).isEqualTo(plain);
    assertThat(page.texts("//li")).contains("1 & <b>.log.json: one damaged line skipped.");
  }

  @Test
  @DisplayName("J07 several runs share each chart: a color a run, a dash pattern a kind of value")
  void overlay() throws IOException {
    HandWrittenRun a = whole(run("a"));
    HandWrittenRun b =
        run("b").file("1.log.json", train(1, 10, "\"loss\": 9"), val(1, 30, "\"loss\": 8"));
    Page page = Page.parse(html(a, b));
    assertThat(page.texts("//h1")).containsExactly("a, b");
    assertThat(page.legend("loss"))
        .containsExactly("a: train2", "a: val2.5", "a: val noisy2.9", "b: train9", "b: val8");
    String samples = Page.figure("loss") + "//*[@class='sample']/polyline/";
    assertThat(page.texts(samples + "@class"))
        .containsExactly("line c0", "line c0", "line c0", "line c1", "line c1");
    assertThat(page.texts(samples + "@stroke-dasharray"))
        .containsExactly("none", "6 4", "2 3", "none", "6 4");
    assertThat(page.legend("memory (MiB)")).containsExactly("a: heap80");
    assertThat(page.rows("//section[h2='Best values']"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .contains("a loss", "b loss");
    assertThat(page.texts("//h2")).contains("a: Config", "a: Classes");
    assertThat(page.texts("//li")).anyMatch(note -> note.startsWith("b: There is no config"));
  }

  @Test
  @DisplayName("J07 runs whose folders have the same name go by their paths")
  void sameNames() throws IOException {
    HandWrittenRun a = run("x/run").file("1.log.json", val(1, 1, "\"loss\": 9"));
    HandWrittenRun b = run("y/run").file("1.log.json", val(1, 1, "\"loss\": 9"));
    assertThat(Page.parse(html(a, b)).texts("//h1"))
        .containsExactly(a.folder() + ", " + b.folder());
  }

  @Test
  @DisplayName("J08 a long log makes a small page that still shows its one peak")
  void longLog() throws IOException {
    String[] lines =
        IntStream.rangeClosed(1, 20_000)
            .mapToObj(i -> train(1, i, "\"loss\": " + (i == 12_345 ? 40 : 2 + i % 7)))
            .toArray(String[]::new);
    String html = html(run("a").file("1.log.json", lines));
    List<Page.Place> loss = Page.parse(html).lines("loss").get(0);
    assertThat(html).hasSizeLessThan(50_000);
    assertThat(loss).hasSizeLessThanOrEqualTo(Charts.MOST_POINTS);
    double peak = loss.stream().mapToDouble(Page.Place::y).min().orElseThrow();
    assertThat(loss).filteredOn(place -> place.y() < peak + 50).hasSize(1);
  }

  @Test
  @DisplayName("J08 a line breaks where values are not finite, and the legend says so")
  void notFinite() throws IOException {
    HandWrittenRun run =
        run("a")
            .file(
                "1.log.json",
                train(1, 10, "\"loss\": 5"),
                train(1, 20, "\"loss\": 4"),
                train(1, 30, "\"loss\": \"NaN\", \"all\": \"Infinity\""),
                train(1, 40, "\"loss\": 3"),
                train(1, 50, "\"loss\": \"NaN\""));
    Page page = Page.parse(html(run));
    assertThat(page.captions()).containsExactly("loss");
    assertThat(page.lines("loss")).singleElement().satisfies(line -> assertThat(line).hasSize(2));
    assertThat(page.texts(Page.figure("loss") + "//circle/title"))
        .containsExactly("train, iteration 40: 3");
    assertThat(page.legend("loss")).containsExactly("trainNaN (not finite in places)");
  }

  @Test
  @DisplayName("J09 what is missing or damaged is a sentence on the page; the rest is shown")
  void missing() throws IOException {
    HandWrittenRun run =
        run("a")
            .file("1.log.json", train(1, 10, "\"loss\": 5"))
            .file("checkpoints.json", "nothing")
            .file("evaluation/epoch_1.json", "{\"epoch\": 1, ")
            .file(
                "evaluation/epoch_2.json",
                "{\"epoch\": 1, \"step\": 4, \"classes\": [\"a\"],",
                "\"per_class\": {\"recall\": [1, 2]}}")
            .file("evaluation/epoch_3.json", "{\"classes\": []}");
    List<String> notes = Page.parse(html(run)).texts("//li");
    assertThat(notes)
        .anyMatch(note -> note.startsWith("checkpoints.json can't be read"))
        .anyMatch(note -> note.startsWith("evaluation/epoch_1.json is no JSON"))
        .contains(
            "evaluation/epoch_2.json can't be used: recall has 2 entries instead of 1.",
            "evaluation/epoch_3.json can't be used: it has no epoch and step.")
        .anyMatch(note -> note.contains("no curve of the momentum") && note.contains("CsvLogger"))
        .anyMatch(note -> note.contains("no config"))
        .anyMatch(note -> note.contains("Environment and seed are unknown"))
        .anyMatch(note -> note.contains("no table of classes"));
  }

  @Test
  @DisplayName("J09 evaluations without a log are shown, and the page says what is missing")
  void evaluationsOnly() throws IOException {
    Page page = Page.parse(html(run("a").file("evaluation/epoch_2.json", CLASSES)));
    assertThat(page.texts("//li")).anyMatch(note -> note.contains("no curves"));
    assertThat(page.texts("//header/p")).containsExactly("no log");
    assertThat(page.rows("//div[h4='Confusion matrix']/table")).hasSize(3);
  }

  @Test
  @DisplayName(
      "J09 folders with nothing to show are refused, all at once, with what was looked for")
  void nothing() throws IOException {
    HandWrittenRun empty = run("empty").file("1.log.json", "{\"seed\": 1}", "rubbish");
    HandWrittenRun parent = run("parent");
    whole(run("parent/one"));
    Path file = run("x").file("some.txt", "text").folder().resolve("some.txt");
    List<Path> folders =
        List.of(empty.folder(), parent.folder(), temporary.resolve("nowhere"), file);
    assertThatThrownBy(() -> Report.of(folders))
        .isInstanceOf(ReportException.class)
        .hasMessageContaining(empty.folder() + ": nothing to report; looked for")
        .hasMessageContaining("*.log.json")
        .hasMessageContaining("evaluation/*.json")
        .hasMessageContaining("one damaged line skipped")
        .hasMessageContaining("did you mean: " + parent.folder().resolve("one"))
        .hasMessageContaining("nowhere: there is no such folder")
        .hasMessageContaining(file + " is a file");
  }
}
