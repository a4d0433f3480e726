package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.Tags;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What loggers write, and when, against MMCV. */
@ExtendWith(VectorTally.class)
class LoggerVectorsTest {
  /** A record as a tracker sees it. */
  private record Tagged(int logger, String mode, int epoch, int step, Map<String, Double> tags) {}

  static Stream<Case> recorded() {
    return Stream.of("log/logger_hook.json", "log/logger_hook_random.json").flatMap(Vectors::cases);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("L18 L04 L09 records, averages and tags are those of MMCV")
  void records(Case c) {
    PlainLog plain = new PlainLog(c, c.at("loggers"));
    if (plain.isRefused()) {
      c.deviation(
          plain.reasons().toString(),
          () -> assertThatThrownBy(() -> run(c)).hasMessageContaining("at least 1"));
    } else if (plain.reasons().isEmpty()) {
      c.equal(
          () -> {
            assertThat(c.has("raises")).isFalse();
            assertSame(run(c), logged(c));
          });
    } else {
      c.deviation(plain.reasons().toString(), () -> assertSame(run(c), expected(c, plain)));
    }
  }

  private static List<Tagged> run(Case c) {
    List<Tagged> written = new ArrayList<>();
    FakeStep step = RecordedOutputs.step(c);
    Runner<FakeBatch> runner =
        RecordedOutputs.with(
                c,
                RecordedRun.isByEpoch(c)
                    ? EpochBasedRunner.builder(step, RecordedRun.limit(c).asInt())
                    : IterBasedRunner.builder(step, RecordedRun.limit(c).asInt()))
            .build();
    if (c.at("timer").asBoolean()) {
      runner.registerHook(new IterTimerHook());
    }
    for (int i = 0; i < c.at("loggers").size(); i++) {
      int index = i;
      JsonNode options = c.at("loggers").get(i);
      LogSink sink = record -> written.add(tagged(index, record));
      runner.registerHook(
          new LoggerHook(
              options.path("interval").asInt(10),
              options.path("by_epoch").asBoolean(true) ? Every.Unit.EPOCH : Every.Unit.ITER,
              options.path("ignore_last").asBoolean(true),
              context -> sink));
    }
    runner.run(RecordedRun.loaders(c), RecordedOutputs.workflow(c));
    return written;
  }

  /** Without the tags that MMCV does not have. */
  private static Tagged tagged(int logger, LogRecord record) {
    Map<String, Double> tags = new LinkedHashMap<>(Tags.of(record));
    tags.keySet().removeIf(tag -> tag.matches(".*/(samples_per_s|memory|heap)"));
    return new Tagged(logger, record.mode().name(), record.epoch(), record.finishedIters(), tags);
  }

  private static List<Tagged> logged(Case c) {
    List<Tagged> list = new ArrayList<>();
    for (JsonNode entry : c.at("logged")) {
      Map<String, Double> tags = new LinkedHashMap<>();
      entry
          .path("tags")
          .properties()
          .forEach(tag -> tags.put(tag.getKey(), RecordedOutputs.number(tag.getValue())));
      list.add(
          new Tagged(
              entry.path("logger").asInt(),
              entry.path("mode").asText(),
              entry.path("epoch").asInt(),
              entry.path("iter").asInt(),
              tags));
    }
    return list;
  }

  private static List<Tagged> expected(Case c, PlainLog plain) {
    List<Tagged> list = new ArrayList<>();
    for (PlainLog.Line line : plain.lines()) {
      Map<String, Double> tags = new LinkedHashMap<>();
      line.means().forEach((name, mean) -> tags.put(line.mode() + "/" + name, mean));
      RecordedOutputs.optimizers(c)
          .forEach(
              (name, groups) -> {
                String end = name.equals("default") ? "" : "/" + name;
                Map<String, Double> first = groups.get(0);
                tags.put("learning_rate" + end, first.getOrDefault("lr", 0.0));
                tags.put(
                    "momentum" + end,
                    first.getOrDefault("momentum", first.getOrDefault("beta1", 0.0)));
              });
      list.add(new Tagged(line.logger(), line.mode(), line.epoch(), line.step(), tags));
    }
    return list;
  }

  private static void assertSame(List<Tagged> ours, List<Tagged> expected) {
    assertThat(ours).hasSameSizeAs(expected);
    for (int i = 0; i < ours.size(); i++) {
      Tagged own = ours.get(i);
      Tagged other = expected.get(i);
      assertThat(own.logger()).isEqualTo(other.logger());
      assertThat(own.mode() + " " + own.epoch() + " " + own.step())
          .isEqualTo(other.mode() + " " + other.epoch() + " " + other.step());
      assertThat(own.tags()).containsOnlyKeys(other.tags().keySet());
      other
          .tags()
          .forEach(
              (tag, value) ->
                  assertThat(own.tags().get(tag)).as(tag).isCloseTo(value, within(1e-12)));
    }
  }
}
