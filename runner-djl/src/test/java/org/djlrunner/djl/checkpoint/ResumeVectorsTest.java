package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.ResumeFrom.Hyperparameters;
import org.djlrunner.djl.checkpoint.ResumeReplay.Begin;
import org.djlrunner.djl.checkpoint.ResumeReplay.Row;
import org.djlrunner.djl.checkpoint.ResumeReplay.Run;
import org.djlrunner.djl.testkit.Close;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trainings that were saved and gone on from, with the optimizers of DJL, against MMCV's: counters,
 * parameters, optimizer states and options and meta data behind the resume, rate and parameters of
 * each iteration after it.
 *
 * <p>The index of the last batch is that batch's here, until the next one; MMCV's begins at 0.
 */
@ExtendWith(VectorTally.class)
class ResumeVectorsTest {
  /** The recorded tolerance of float32 tensors. */
  private static final double TOLERANCE = 2e-5;

  /** What a run says of itself, or is kept elsewhere here. */
  private static final Set<String> NOT_COMPARED =
      Set.of("epoch", "iter", "time", "mmcv_version", "hook_msgs", "world_size");

  @TempDir private Path root;

  static Stream<Case> recorded() {
    return Vectors.cases("checkpoint/resume.json");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(21);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("K07 K09 K10 a resumed training goes on as MMCV's does")
  void resumes(Case c) {
    ResumeReplay replay = new ResumeReplay(c, root);
    Optional<String> deviation = deviation(c, replay);
    if (deviation.isEmpty()) {
      c.equal(() -> assertRecorded(c, replay));
    } else {
      c.deviation(deviation.get(), () -> assertOurs(c, replay, deviation.get()));
    }
  }

  private static Optional<String> deviation(Case c, ResumeReplay replay) {
    if (c.at("new_optimizer").asText().equals("none")) {
      return Optional.of("a run without optimizer leaves their states aside");
    }
    if (!replay.byEpoch()) {
      return Optional.of("Q-R15, Q-R20, Q-R21");
    }
    if (c.at("new_runner_meta").has("mine")) {
      return Optional.of("Q-R23");
    }
    return resumesOptimizer(c)
            && !c.at("new_optimizer_options").equals(c.at("optimizer_options"))
            && !c.at("optimizer").asText().equals("none")
        ? Optional.of("Q-R24")
        : Optional.empty();
  }

  private static boolean resumesOptimizer(Case c) {
    return c.at("resume_arguments").path("resume_optimizer").asBoolean(true);
  }

  private static void assertRecorded(Case c, ResumeReplay replay) {
    Run first = replay.first();
    assertRows(first.rows(), rows(c.at("rows_first_run")));
    if (!c.at("raises").isNull()) {
      assertThatThrownBy(() -> replay.resumed(Hyperparameters.CONFIG))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("optimizer 'a' has no state in it");
      return;
    }
    Run resumed = replay.resumed(Hyperparameters.CONFIG);
    assertBegin(c, resumed.begin());
    assertMeta(c.at("after_resume").path("meta"), resumed.begin().meta());
    assertRows(resumed.rows(), rows(c.at("rows_resumed")));
  }

  private static void assertOurs(Case c, ResumeReplay replay, String why) {
    Run first = replay.first();
    if (replay.byEpoch()) {
      assertRows(first.rows(), rows(c.at("rows_first_run")));
    }
    Run resumed = replay.resumed(Hyperparameters.CONFIG);
    switch (why) {
      case "Q-R23" -> {
        assertBegin(c, resumed.begin());
        assertThat(resumed.begin().meta()).containsEntry("mine", 1).containsKey("hook_msgs");
        assertRows(resumed.rows(), rows(c.at("rows_resumed")));
      }
      case "Q-R24" -> {
        Run theirs = replay.resumed(Hyperparameters.CHECKPOINT);
        assertBegin(c, theirs.begin());
        assertRows(theirs.rows(), rows(c.at("rows_resumed")));
        assertNewOptions(c, resumed, rows(c.at("rows_resumed")));
      }
      case "Q-R15, Q-R20, Q-R21" -> assertNoIterationTwice(c, first, resumed);
      default -> {
        assertThat(resumed.notes())
            .anyMatch(note -> note.contains("optimizer 'default' in it are left aside"));
        assertThat(resumed.rows())
            .hasSize(first.rows().size() - resumed.begin().iter())
            .allSatisfy(row -> assertThat(row.params()).isEqualTo(resumed.begin().params()));
      }
    }
  }

  /** The rates are those of the new options, and the state that of the file. */
  private static void assertNewOptions(Case c, Run resumed, List<Row> theirs) {
    JsonNode options = c.at("new_optimizer_options");
    double factor = options.path("lr").asDouble() / c.at("optimizer_options").path("lr").asDouble();
    double momentum = options.path("momentum").asDouble();
    List<Float> params = resumed.begin().params();
    List<Float> buffer = RecordedTensor.flat(state(c, "default").path("momentum_buffer"));
    for (int i = 0; i < theirs.size(); i++) {
      Row row = resumed.rows().get(i);
      double lr = rate(theirs.get(i)) * factor;
      assertThat(rate(row)).isCloseTo(lr, within(1e-9));
      JsonNode gradient = c.at("coefficients").path(row.innerIter());
      List<Float> nextBuffer = new ArrayList<>();
      List<Float> nextParams = new ArrayList<>();
      for (int e = 0; e < params.size(); e++) {
        double moved = momentum * buffer.get(e) + gradient.path(e).asDouble();
        nextBuffer.add((float) moved);
        nextParams.add((float) (params.get(e) - lr * moved));
      }
      buffer = nextBuffer;
      params = nextParams;
      Close.assertAll(row.params(), params, TOLERANCE, "iteration " + row.iter());
    }
  }

  /** It goes on where the first run stood, which was right in all it did. */
  private static void assertNoIterationTwice(Case c, Run first, Run resumed) {
    int done = c.at("after_resume").path("iter").asInt() + 1;
    assertThat(resumed.begin().iter()).isEqualTo(done);
    List<Row> theirs = rows(c.at("rows_first_run"));
    for (int i = 0; i < theirs.size(); i++) {
      assertThat(first.rows().get(i).iter()).isEqualTo(theirs.get(i).iter());
      assertValues(first.rows().get(i), theirs.get(i));
    }
    List<Row> rest = first.rows().subList(done, first.rows().size());
    if (resumesOptimizer(c)) {
      assertThat(resumed.rows()).isEqualTo(rest);
    } else {
      assertThat(resumed.begin().states().get("default")).isEmpty();
      assertThat(resumed.rows()).extracting(Row::innerIter).isEqualTo(innerIters(rest));
      assertNewMomentum(c, resumed);
    }
    if (c.at("new_runner_meta").has("mine")) {
      assertThat(resumed.begin().meta()).containsEntry("mine", 1);
    }
  }

  private static double rate(Row row) {
    return row.lr().getOrDefault("default", List.of()).get(0);
  }

  private static List<Integer> innerIters(List<Row> rows) {
    return rows.stream().map(Row::innerIter).toList();
  }

  /** Momentum that begins anew. */
  private static void assertNewMomentum(Case c, Run resumed) {
    List<Float> params = resumed.begin().params();
    double[] buffer = new double[params.size()];
    for (Row row : resumed.rows()) {
      List<Float> next = new ArrayList<>();
      for (int e = 0; e < params.size(); e++) {
        buffer[e] =
            c.at("optimizer_options").path("momentum").asDouble() * buffer[e]
                + c.at("coefficients").path(row.innerIter()).path(e).asDouble();
        next.add((float) (params.get(e) - rate(row) * buffer[e]));
      }
      params = next;
      Close.assertAll(row.params(), params, TOLERANCE, "iteration " + row.iter());
    }
  }

  private static void assertBegin(Case c, Begin begin) {
    JsonNode after = c.at("after_resume");
    assertThat(begin.epoch()).isEqualTo(after.path("epoch").asInt());
    assertThat(begin.iter()).isEqualTo(after.path("iter").asInt());
    assertThat(begin.innerIter()).isEqualTo(c.at("coefficients").size() - 1);
    Close.assertAll(
        begin.params(), RecordedTensor.flat(after.path("params")), TOLERANCE, "parameters");
    for (String name : begin.options().keySet()) {
      JsonNode groups = optimizer(c, name).path("groups");
      assertThat(begin.options().get(name)).hasSize(groups.size());
      for (int g = 0; g < groups.size(); g++) {
        assertOptions(
            groups.path(g),
            Objects.requireNonNull(begin.options().get(name)).get(g),
            state(c, name).size() > 0);
      }
      Map<String, List<Float>> states = Objects.requireNonNull(begin.states().get(name));
      JsonNode expected = state(c, name);
      assertThat(states).hasSize(expected.size());
      expected
          .properties()
          .forEach(
              state ->
                  Close.assertAll(
                      Objects.requireNonNull(states.get(state.getKey()), state.getKey()),
                      RecordedTensor.flat(state.getValue()),
                      TOLERANCE,
                      name + ": " + state.getKey()));
    }
  }

  /** With states, the options in force are the checkpoint's, or the same as these. */
  private static void assertOptions(
      JsonNode expected, Map<String, Double> options, boolean inForce) {
    assertThat(options.get("weight_decay")).isEqualTo(expected.path("weight_decay").asDouble());
    if (inForce) {
      assertThat(options.get("lr")).isCloseTo(expected.path("lr").asDouble(), within(1e-9));
    }
    if (expected.has("momentum")) {
      assertThat(options.get("momentum"))
          .isCloseTo(expected.path("momentum").asDouble(), within(1e-9));
    } else {
      assertThat(options.get("beta1")).isEqualTo(expected.path("betas").path(0).asDouble());
      assertThat(options.get("beta2")).isEqualTo(expected.path("betas").path(1).asDouble());
    }
  }

  private static JsonNode optimizer(Case c, String name) {
    JsonNode optimizer = c.at("after_resume").path("optimizer");
    return name.equals("default") ? optimizer : optimizer.path(name);
  }

  private static JsonNode state(Case c, String name) {
    return optimizer(c, name).path("state").path(0).path(0);
  }

  private static void assertMeta(JsonNode expected, Map<String, Object> meta) {
    expected.properties().stream()
        .filter(entry -> !NOT_COMPARED.contains(entry.getKey()))
        .forEach(
            entry -> assertThat(meta).containsEntry(entry.getKey(), entry.getValue().asText()));
    meta.keySet().stream()
        .filter(name -> !NOT_COMPARED.contains(name))
        .forEach(name -> assertThat(expected.has(name)).as(name).isTrue());
  }

  private static List<Row> rows(JsonNode recorded) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row : recorded) {
      Map<String, List<Double>> lr = new LinkedHashMap<>();
      JsonNode rates = row.path(3);
      if (rates.isArray()) {
        lr.put("default", doubles(rates));
      } else {
        rates.properties().forEach(own -> lr.put(own.getKey(), doubles(own.getValue())));
      }
      rows.add(
          new Row(
              row.path(0).asInt(),
              row.path(1).asInt(),
              row.path(2).asInt(),
              lr,
              RecordedTensor.flat(row.path(4))));
    }
    return rows;
  }

  private static List<Double> doubles(JsonNode numbers) {
    List<Double> doubles = new ArrayList<>();
    numbers.forEach(number -> doubles.add(number.asDouble()));
    return doubles;
  }

  private static void assertRows(List<Row> actual, List<Row> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(List.of(actual.get(i).epoch(), actual.get(i).iter(), actual.get(i).innerIter()))
          .isEqualTo(
              List.of(
                  expected.get(i).epoch(), expected.get(i).iter(), expected.get(i).innerIter()));
      assertValues(actual.get(i), expected.get(i));
    }
  }

  private static void assertValues(Row actual, Row expected) {
    assertThat(actual.lr().keySet()).isEqualTo(expected.lr().keySet());
    expected
        .lr()
        .forEach(
            (name, rates) -> {
              for (int g = 0; g < rates.size(); g++) {
                assertThat(actual.lr().getOrDefault(name, List.of()).get(g))
                    .isCloseTo(rates.get(g), within(1e-11));
              }
            });
    Close.assertAll(actual.params(), expected.params(), TOLERANCE, "iteration " + actual.iter());
  }
}
