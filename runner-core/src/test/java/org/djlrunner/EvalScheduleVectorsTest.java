package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.build.EvaluationConfig;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.EvalSchedule;
import org.djlrunner.hook.EvaluationPass;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When runs are evaluated, compared with recorded ones; options are read from configs. */
@ExtendWith(VectorTally.class)
class EvalScheduleVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("log/eval_schedule.json");
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !isRefused(c));
  }

  static Stream<Case> refused() {
    return recorded().filter(EvalScheduleVectorsTest::isRefused);
  }

  /** MMCV takes intervals with a fraction, which we refuse. */
  private static boolean isRefused(Case c) {
    JsonNode interval = c.at("eval_hook").path("interval");
    return c.has("raises") || interval.isFloatingPointNumber();
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(30);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("walked")
  @DisplayName("V01 V02 evaluations come when MMCV's do; those at the start by the same rule")
  void walks(Case c) {
    List<String> expected = expected(c);
    List<String> mmcv = new ArrayList<>();
    c.at("evaluations")
        .forEach(
            e ->
                mmcv.add(
                    moment(
                        e.path("event").asText(),
                        e.path("epoch").asInt(),
                        e.path("iter").asInt())));
    if (RecordedRun.isByEpoch(c) && !startsElsewise(c)) {
      c.equal(
          () -> {
            assertThat(expected).isEqualTo(mmcv);
            assertThat(evaluated(c)).isEqualTo(mmcv);
          });
    } else {
      c.deviation(
          "Q-R5, Q-R6: epochs are passes; Q-H17: the start's evaluation",
          () -> assertThat(evaluated(c)).isEqualTo(expected));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("refused")
  @DisplayName("V03 C01 intervals, starts and units that mean nothing are refused by their key")
  void refuses(Case c) {
    Vectors.Comparison refusal =
        () ->
            assertThatThrownBy(() -> schedule(c))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("(?s).*(interval|start|by_epoch).*");
    if (c.has("raises")) {
      c.equal(refusal);
    } else {
      c.deviation("an interval is a whole number", refusal);
    }
  }

  /** With an interval above 1 MMCV's test of the start's evaluation is off by one. */
  private static boolean startsElsewise(Case c) {
    JsonNode options = c.at("eval_hook");
    String counter = options.path("by_epoch").asBoolean(true) ? "epoch" : "iter";
    return options.has("start")
        && options.path("interval").asInt(1) > 1
        && RecordedRun.start(c, counter) >= options.path("start").asInt();
  }

  /**
   * What is meant, told from the case's numbers alone: an evaluation at the start where one would
   * be due after as many epochs or iterations, then at each that is due.
   */
  private static List<String> expected(Case c) {
    JsonNode options = c.at("eval_hook");
    boolean epochs = options.path("by_epoch").asBoolean(true);
    int interval = options.path("interval").asInt(1);
    boolean hasStart = options.has("start");
    int first = options.path("start").asInt(0);
    int length = c.at("loader_lengths").get(0).asInt();
    int startEpoch = RecordedRun.start(c, "epoch");
    int startIter = RecordedRun.start(c, "iter");
    int limit = RecordedRun.limit(c).asInt();
    List<String> moments = new ArrayList<>();
    int begun = epochs ? startEpoch : startIter;
    if (hasStart && begun >= first && (begun - first) % interval == 0) {
      moments.add(moment("before_train_epoch", startEpoch, startIter));
    }
    int iters = RecordedRun.isByEpoch(c) ? (limit - startEpoch) * length : limit - startIter;
    for (int i = 0; i < iters; i++) {
      int epoch = startEpoch + i / length;
      int iter = startIter + i;
      boolean passEnds = (i + 1) % length == 0;
      int finished = epochs ? epoch + 1 : iter + 1;
      boolean due = finished >= first && (finished - first) % interval == 0;
      if (due && !epochs) {
        moments.add(moment("after_train_iter", epoch, iter));
      } else if (due && passEnds) {
        moments.add(moment("after_train_epoch", epoch, iter + 1));
      }
    }
    return moments;
  }

  /** Runs the case and notes at which stage each evaluation's first step was. */
  private static List<String> evaluated(Case c) {
    RecordingHook stages = new RecordingHook();
    List<String> moments = new ArrayList<>();
    FakeStep model =
        new FakeStep()
            .logging(
                (mode, batch) -> {
                  // The workflow's own validation comes within a stage of validation.
                  String stage = stages.stages().get(stages.stages().size() - 1).toString();
                  if (mode.equals(Mode.VAL) && batch.index() == 0 && stage.contains("train")) {
                    Progress at = stages.events().get(stages.events().size() - 1).progress();
                    moments.add(moment(stage, at.epoch(), at.iter()));
                  }
                  return Map.of();
                });
    EvalHook<FakeBatch> evaluation =
        new EvalHook<>("", new EvaluationPass<>(model, FakeLoader.of(3)), schedule(c));
    RecordedRun.run(c, model, RecordedRun.loaders(c), stages, evaluation);
    return moments;
  }

  private static EvalSchedule schedule(Case c) {
    ConfigErrors errors = new ConfigErrors();
    Config config = Config.parse(c.at("eval_hook").toString(), "evaluation.json");
    EvalSchedule schedule = EvaluationConfig.schedule(config.reader(errors), Every.Unit.EPOCH);
    errors.throwIfAny();
    return schedule;
  }

  private static String moment(String stage, int epoch, int iter) {
    return stage + " " + epoch + "/" + iter;
  }
}
