package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.Sinks;
import org.djlrunner.log.TextLogOptions;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines of the text log and of the JSON log against MMCV. */
@ExtendWith(VectorTally.class)
class TextLoggerVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ROUNDING = "Q-H24";

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("log/text_logger.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("L18 L06 L07 the lines of both logs are those of MMCV, but for rounding")
  void lines(Case c) {
    PlainLog plain = new PlainLog(c, c.at("text_loggers"));
    Set<String> reasons = reasons(c, plain);
    if (reasons.isEmpty()) {
      c.equal(() -> assertRecorded(c, plain));
    } else if (reasons.equals(Set.of(ROUNDING))) {
      c.deviation(ROUNDING, () -> assertRecorded(c, plain));
    } else {
      c.deviation(reasons.toString(), () -> assertOurs(c, plain));
    }
  }

  private static Set<String> reasons(Case c, PlainLog plain) {
    Set<String> reasons = new TreeSet<>(plain.reasons());
    for (PlainLog.Line line : plain.lines()) {
      for (double mean : line.means().values()) {
        if (Double.isFinite(mean) && Math.abs(rounded(mean) - mean) > 1e-12) {
          reasons.add(ROUNDING);
        }
      }
    }
    if (c.has("lr_config") || c.at("runner_meta").toString().matches(".*\\d\\.\\d{6,}.*")) {
      reasons.add(ROUNDING);
    }
    if (c.at("runner_meta").isObject() && c.at("runner_meta").isEmpty()) {
      reasons.add("meta data without an entry of MMCV's");
    }
    if (c.at("text_loggers").size() > 1) {
      reasons.add("L10 files are never shared");
    }
    JsonNode evaluation = c.at("eval_hook");
    if (!evaluation.isMissingNode() && !evaluation.path("by_epoch").asBoolean(true)) {
      reasons.add("Q-H21, and the iteration of an evaluation is shown");
    }
    for (JsonNode options : c.at("text_loggers")) {
      if (!evaluation.isMissingNode()
          && options.path("by_epoch").asBoolean(true)
              != evaluation.path("by_epoch").asBoolean(true)) {
        reasons.add("an evaluation is labelled by what it counts");
      }
    }
    return reasons;
  }

  /** The very text lines, and JSON lines that are the recorded ones once they are rounded. */
  private void assertRecorded(Case c, PlainLog plain) throws IOException {
    assertThat(c.has("raises")).isFalse();
    run(c);
    List<String> text = new ArrayList<>();
    c.at("text_lines").forEach(line -> text.add(line.asText()));
    assertThat(textLines(0)).isEqualTo(text);
    List<JsonNode> json = jsonLines(0);
    assertThat(json).hasSize(c.at("json_lines").size());
    int meta = json.size() - plain.lines().size();
    for (int i = 0; i < json.size(); i++) {
      JsonNode recorded = c.at("json_lines").get(i);
      assertThat(names(json.get(i))).isEqualTo(names(recorded));
      assertThat(rounded(json.get(i))).isEqualTo(rounded(recorded));
      if (i >= meta) {
        assertMeans(json.get(i), plain.lines().get(i - meta));
      }
    }
    if (meta > 0) {
      assertThat(json.get(0)).isEqualTo(c.at("runner_meta"));
    }
  }

  /** Each logger's own lines, by our rules. */
  private void assertOurs(Case c, PlainLog plain) throws IOException {
    run(c);
    for (int i = 0; i < c.at("text_loggers").size(); i++) {
      int logger = i;
      List<PlainLog.Line> own = inOrder(c, plain, logger);
      List<String> text = new ArrayList<>();
      own.forEach(line -> text.addAll(text(c, line)));
      assertThat(textLines(i).stream().map(TextLoggerVectorsTest::withoutRates)).isEqualTo(text);
      List<JsonNode> json = jsonLines(i);
      json.removeIf(line -> !line.has("mode"));
      assertThat(json).hasSameSizeAs(own);
      for (int n = 0; n < json.size(); n++) {
        JsonNode line = json.get(n);
        assertThat(line.path("mode").asText()).isEqualTo(own.get(n).mode());
        assertThat(line.path("epoch").asInt()).isEqualTo(own.get(n).epoch());
        assertThat(line.path("iter").asInt()).isEqualTo(own.get(n).iter());
        assertMeans(line, own.get(n));
      }
    }
  }

  /** An evaluation within an epoch is written before the logger's record of its iteration. */
  private static List<PlainLog.Line> inOrder(Case c, PlainLog plain, int logger) {
    List<PlainLog.Line> own = new ArrayList<>();
    boolean first = !c.at("eval_hook").path("by_epoch").asBoolean(true);
    for (PlainLog.Line line : plain.lines()) {
      if (line.logger() == logger) {
        PlainLog.Line before = own.isEmpty() ? null : own.get(own.size() - 1);
        boolean swaps =
            first
                && before != null
                && line.mode().equals("val")
                && before.mode().equals("train")
                && before.step() == line.step();
        own.add(swaps ? own.size() - 1 : own.size(), line);
      }
    }
    return own;
  }

  private static void assertMeans(JsonNode json, PlainLog.Line line) {
    line.means()
        .forEach(
            (name, mean) -> {
              double value = Double.parseDouble(json.path(name).asText());
              if (Double.isNaN(mean)) {
                assertThat(value).as(name).isNaN();
              } else {
                assertThat(value).as(name).isCloseTo(mean, within(1e-12 * Math.abs(mean)));
              }
            });
  }

  private static List<String> text(Case c, PlainLog.Line line) {
    JsonNode options = c.at("text_loggers").get(line.logger());
    boolean trains = line.mode().equals("train");
    boolean evaluates = !trains && c.has("eval_hook");
    boolean byEpoch = (evaluates ? c.at("eval_hook") : options).path("by_epoch").asBoolean(true);
    int length = RecordedRun.lengths(c, "train").get(0);
    List<String> fields = new ArrayList<>();
    if (trains) {
      fields.add("<lr>, eta: <t>");
      if (c.at("timer").asBoolean()) {
        fields.add("time: <t>, data_time: <t>");
      }
    }
    line.means().forEach((name, mean) -> fields.add(name + ": " + fixed(mean)));
    String label;
    if (trains) {
      int limit = RecordedRun.limit(c).asInt();
      int iters = RecordedRun.isByEpoch(c) ? limit * length : limit;
      label =
          byEpoch
              ? "Epoch [" + line.epoch() + "][" + line.iter() + "/" + length + "]"
              : "Iter [" + line.iter() + "/" + iters + "]";
    } else {
      label =
          byEpoch
              ? "Epoch(val) [" + line.epoch() + "][" + line.iter() + "]"
              : "Iter(val) [" + line.step() + "][" + line.iter() + "]";
    }
    List<String> lines = new ArrayList<>();
    boolean named =
        line.step() % options.path("interval_exp_name").asInt(1000) == 0
            || (byEpoch && line.iter() == length);
    if (trains && named && c.at("runner_meta").has("exp_name")) {
      lines.add("Exp name: " + c.at("runner_meta").get("exp_name").asText());
    }
    lines.add(label + "\t" + String.join(", ", fields));
    return lines;
  }

  private static String fixed(double value) {
    return Double.isNaN(value)
        ? "nan"
        : new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String withoutRates(String line) {
    return line.replaceFirst("lr(_\\w+)?: [^,]*", "<lr>");
  }

  private void run(Case c) {
    boolean byEpoch = RecordedRun.isByEpoch(c);
    FakeStep step = RecordedOutputs.step(c);
    RunnerBuilder<FakeBatch, ? extends Runner<FakeBatch>> builder =
        RecordedOutputs.with(
            c,
            byEpoch
                ? EpochBasedRunner.builder(step, RecordedRun.limit(c).asInt())
                : IterBasedRunner.builder(step, RecordedRun.limit(c).asInt()));
    c.at("runner_meta")
        .properties()
        .forEach(e -> builder.meta(e.getKey(), JSON.convertValue(e.getValue(), Object.class)));
    Runner<FakeBatch> runner = builder.workDir(folder).timestamp("now").build();
    if (c.has("lr_config")) {
      runner.registerHook(learningRate(c, byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER));
    }
    if (c.at("timer").asBoolean()) {
      runner.registerHook(new IterTimerHook());
    }
    if (c.has("eval_hook")) {
      runner.registerHook(evaluation(c));
    }
    for (JsonNode options : c.at("text_loggers")) {
      int interval = options.path("interval").asInt(10);
      boolean ignoreLast = options.path("ignore_last").asBoolean(true);
      Every.Unit unit =
          options.path("by_epoch").asBoolean(true) ? Every.Unit.EPOCH : Every.Unit.ITER;
      TextLogOptions text =
          new TextLogOptions(options.path("interval_exp_name").asInt(1000), Optional.empty());
      runner.registerHook(new LoggerHook(interval, unit, ignoreLast, Sinks.text(text)));
      runner.registerHook(new LoggerHook(interval, unit, ignoreLast, Sinks.jsonLines()));
    }
    runner.run(RecordedRun.loaders(c), RecordedOutputs.workflow(c));
  }

  private static LrUpdaterHook learningRate(Case c, Every.Unit unit) {
    ConfigErrors errors = new ConfigErrors();
    var plan =
        LrConfig.read(Config.parse(c.at("lr_config").toString(), "lr.json").reader(errors), unit);
    errors.throwIfAny();
    return new LrUpdaterHook((LrSchedule) plan.orElseThrow());
  }

  private static EvalHook<FakeBatch> evaluation(Case c) {
    JsonNode options = c.at("eval_hook");
    int[] done = new int[1];
    FakeStep step =
        new FakeStep()
            .logging(
                (mode, batch) -> {
                  done[0] += batch.index() == 0 ? 1 : 0;
                  Map<String, Scalar> metrics = new LinkedHashMap<>();
                  c.at("metrics")
                      .get(done[0] - 1)
                      .properties()
                      .forEach(
                          e ->
                              metrics.put(
                                  e.getKey(), Scalar.of(RecordedOutputs.number(e.getValue()))));
                  return metrics;
                });
    int size = options.path("dataset_size").asInt();
    int batch = options.path("batch_size").asInt(1);
    int interval = options.path("interval").asInt(1);
    return new EvalHook<>(
        step,
        FakeLoader.of((size + batch - 1) / batch),
        options.path("by_epoch").asBoolean(true) ? Every.epochs(interval) : Every.iters(interval));
  }

  private Path file(int logger, String ending) {
    return folder.resolve((logger == 0 ? "now" : "now_" + (logger + 1)) + ending);
  }

  private List<String> textLines(int logger) throws IOException {
    int stamp = "2026-11-25 12:00:00 ".length();
    return Files.readAllLines(file(logger, ".log")).stream()
        .map(line -> line.substring(stamp))
        .filter(line -> line.matches("(Epoch|Iter|Exp name).*"))
        .map(line -> line.replaceAll("(eta|time): [0-9:.]+", "$1: <t>"))
        .toList();
  }

  private List<JsonNode> jsonLines(int logger) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file(logger, ".log.json"))) {
      var json = (ObjectNode) JSON.readTree(line);
      json.remove(List.of("time", "data_time", "samples_per_s", "memory", "heap", "step"));
      // Our meta data hold it, whatever they are given.
      json.remove("world_size");
      if (!json.isEmpty()) {
        lines.add(json);
      }
    }
    return lines;
  }

  private static List<String> names(JsonNode json) {
    return json.properties().stream().map(e -> e.getKey()).toList();
  }

  /** With all numbers as MMCV rounds them, and its spelling of what is not finite. */
  private static String rounded(JsonNode json) {
    if (json.isNumber()) {
      return String.valueOf(rounded(json.asDouble()));
    }
    if (json.isObject()) {
      StringBuilder text = new StringBuilder("{");
      json.properties()
          .forEach(e -> text.append(e.getKey()).append(':').append(rounded(e.getValue())));
      return text.append('}').toString();
    }
    if (json.isArray()) {
      StringBuilder text = new StringBuilder("[");
      json.forEach(item -> text.append(rounded(item)).append(','));
      return text.append(']').toString();
    }
    return json.asText().equals("NaN") ? "nan" : json.asText();
  }

  /** As numpy rounds to five decimals, whose numbers MMCV's averages are. */
  private static double rounded(double value) {
    return Math.rint(value * 1e5) / 1e5;
  }
}
