package org.djlrunner.djl.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.djl.ema.EmaReplay.Plan;
import org.djlrunner.djl.ema.EmaReplay.Saved;
import org.djlrunner.djl.ema.EmaReplay.Seen;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.EmaMomentum;
import org.djlrunner.hook.Priority;
import org.djlrunner.testkit.FakeWeights;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Averages of weights through whole runs, against MMCV's.
 *
 * <p>MMCV exchanges weights and averages at the borders of training epochs, we within evaluation
 * and saving; so what its {@code params} hold from the end of an epoch to the next one's start is
 * our average. Every run is also held to {@link EmaExpectation}; one that differs from MMCV's is a
 * deviation only if its inputs say why.
 */
@ExtendWith(VectorTally.class)
class EmaVectorsTest {
  private static final String BUFFER = "ema_";
  private static final Set<String> EXCHANGED = Set.of("after_train_epoch", "after_run", "final");

  @TempDir private Path folder;

  static Stream<Case> runs() {
    return Stream.of("trajectory", "random_trajectory", "saved")
        .flatMap(file -> Vectors.cases("ema/" + file + ".json"));
  }

  static Stream<Case> resumed() {
    return Vectors.cases("ema/resume.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("runs")
  @DisplayName("A01 A02 A03 A04 A05 A06 recorded runs")
  void run(Case recorded) {
    if (warmUp(recorded) < 0) {
      recorded.deviation(
          "a negative warm_up is refused",
          () ->
              assertThatThrownBy(() -> momentum(recorded))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("warm_up"));
      return;
    }
    Plan plan = plan(recorded);
    Map<String, double[]> weights = EmaReplay.tensors(recorded.at("model").path("params"));
    EmaReplay run =
        new EmaReplay(
                plan,
                new FakeWeights(weights),
                EmaReplay.tensors(recorded.at("model").path("buffers")))
            .run(folder);
    EmaExpectation expected = expectation(recorded, plan, weights, weights);
    judge(
        recorded,
        rules(recorded, plan),
        () -> assertRows(recorded.at("rows"), run, plan.byEpoch(), EXCHANGED),
        () -> {
          if (recorded.has("raises")) {
            throw new AssertionError("MMCV raised " + recorded.at("raises"));
          }
          if (recorded.has("final")) {
            assertRow(recorded.at("final"), run.end(), plan.byEpoch());
          }
          assertFiles(recorded.at("saved"), run.saved());
        },
        () -> expected.assertMetBy(run));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("resumed")
  @DisplayName("A01 A05 A07 a run goes on from the two sets of a file as if uninterrupted")
  void resumed(Case recorded) {
    int before = recorded.at("epochs_before").asInt();
    int total = recorded.at("epochs_total").asInt();
    Map<String, double[]> initial = EmaReplay.tensors(recorded.at("model").path("params"));
    Map<String, double[]> buffers = EmaReplay.tensors(recorded.at("model").path("buffers"));
    int length = recorded.at("train_increments").size();
    Plan whole = increments(recorded, total, 0, length, Optional.empty());
    EmaReplay uninterrupted = new EmaReplay(whole, new FakeWeights(initial), buffers).run(folder);
    Plan first =
        increments(recorded, before, 0, length, Optional.of(new CheckpointHook(Every.epochs(1))));
    EmaReplay begun = new EmaReplay(first, new FakeWeights(initial), buffers).run(folder);
    Saved file = begun.saved().get(begun.saved().size() - 1);
    Plan rest = increments(recorded, total, before, length, Optional.empty());
    EmaReplay resumed =
        new EmaReplay(rest, new FakeWeights(file.beside(), file.model()), begun.end().buffers())
            .run(folder);
    Set<String> rules = rules(recorded, rest);
    if (recorded.at("resume_through").asText().equals("runner.resume")) {
      rules.add("Q-H12: the averages are not lost");
    }
    Set<String> exchanged = new HashSet<>(EXCHANGED);
    exchanged.add("before_run");
    judge(
        recorded,
        rules,
        () -> assertRows(recorded.at("resumed_rows"), resumed, true, exchanged),
        () -> {
          assertRows(recorded.at("uninterrupted_rows"), from(uninterrupted, before), EXCHANGED);
          assertStateDict(recorded.at("checkpoint_state_dict"), file);
        },
        () -> {
          expectation(recorded, whole, initial, initial).assertMetBy(uninterrupted);
          expectation(recorded, first, initial, initial).assertMetBy(begun);
          expectation(recorded, rest, file.beside(), file.model()).assertMetBy(resumed);
          EmaExpectation.assertClose(
              "end, model", resumed.end().model(), uninterrupted.end().model());
          EmaExpectation.assertClose(
              "end, average", resumed.end().beside(), uninterrupted.end().beside());
        });
  }

  /** Equal, or different for a reason that the inputs give; as expected in either case. */
  private static void judge(
      Case recorded, Set<String> rules, Runnable rows, Runnable rest, Runnable expectation) {
    AssertionError difference = null;
    try {
      rows.run();
      rest.run();
    } catch (AssertionError e) {
      difference = e;
    }
    if (difference == null) {
      recorded.equal(expectation::run);
    } else if (rules.isEmpty()) {
      AssertionError unexplained = difference;
      recorded.equal(
          () -> {
            throw unexplained;
          });
    } else {
      recorded.deviation(String.join("; ", rules), expectation::run);
    }
  }

  /** Why a case's inputs let us differ; empty if they don't. */
  private static Set<String> rules(Case recorded, Plan plan) {
    Set<String> rules = new TreeSet<>();
    if (plan.interval() > 1) {
      rules.add("Q-H9: the rate of an interval is 1 - (1 - m)^interval");
    }
    if (warmUp(recorded) == 0 && plan.startIter() == 0) {
      rules.add("Q-H10: a warm_up of 0 is none");
    }
    Set<String> names = new HashSet<>();
    recorded
        .at("model")
        .path("params")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.add(name.replace('.', '_'))) {
                rules.add("names that differ in dots only have averages of their own");
              }
            });
    boolean validates =
        plan.workflow().flows().stream()
            .anyMatch(flow -> flow.mode().equals(Mode.VAL) && flow.count() > 0);
    boolean saves = recorded.has("checkpoint") || recorded.has("checkpoint_state_dict");
    if (!plan.byEpoch() && (validates || saves)) {
      rules.add("mmcv#2195: the iteration-based runner evaluates and saves averages too");
    }
    Priority mmcv = plan.priority().orElse(Priority.NORMAL);
    if (saves && mmcv.compareTo(Priority.NORMAL) >= 0) {
      rules.add("Q-H11: files hold averages under plain names whatever the order of hooks");
    }
    return rules;
  }

  private static void assertRows(
      JsonNode rows, EmaReplay run, boolean byEpoch, Set<String> exchanged) {
    assertRows(rows, run.seen(), byEpoch ? exchanged : Set.of());
  }

  private static void assertRows(JsonNode rows, List<Seen> seen, Set<String> exchanged) {
    Set<String> events = new HashSet<>();
    rows.forEach(row -> events.add(row.path("event").asText()));
    List<Seen> same = seen.stream().filter(s -> events.contains(s.event())).toList();
    assertThat(same.stream().map(s -> s.event() + " " + s.iter()))
        .containsExactlyElementsOf(
            stream(rows).map(r -> r.path("event").asText() + " " + r.path("iter")).toList());
    for (int i = 0; i < same.size(); i++) {
      assertRow(rows.path(i), same.get(i), exchanged.contains(same.get(i).event()));
    }
  }

  private static void assertRow(JsonNode row, Seen seen, boolean exchanged) {
    String what = seen.event() + " " + seen.iter();
    Map<String, double[]> buffers = EmaReplay.tensors(row.path("buffers"));
    Map<String, double[]> averages = new LinkedHashMap<>();
    buffers.forEach(
        (name, value) -> {
          if (name.startsWith(BUFFER)) {
            averages.put(name, value);
          }
        });
    buffers.keySet().removeAll(averages.keySet());
    EmaExpectation.assertClose(
        what + ", params",
        exchanged ? seen.beside() : seen.model(),
        EmaReplay.tensors(row.path("params")));
    EmaExpectation.assertClose(
        what + ", averages", asBuffers(exchanged ? seen.model() : seen.beside()), averages);
    EmaExpectation.assertClose(what + ", buffers", seen.buffers(), buffers);
  }

  private static void assertFiles(JsonNode recorded, List<Saved> saved) {
    assertThat(saved.stream().map(Saved::stem))
        .containsExactlyElementsOf(
            stream(recorded).map(f -> f.path("file").asText().replaceAll("\\.pth$", "")).toList());
    for (int i = 0; i < saved.size(); i++) {
      assertStateDict(recorded.path(i).path("state_dict"), saved.get(i));
    }
  }

  /** The plain names and those of the buffers; running statistics are the engine's business. */
  private static void assertStateDict(JsonNode recorded, Saved file) {
    Map<String, double[]> both = new LinkedHashMap<>(file.model());
    both.putAll(asBuffers(file.beside()));
    Map<String, double[]> expected = EmaReplay.tensors(recorded);
    expected.keySet().removeIf(name -> !name.startsWith(BUFFER) && !both.containsKey(name));
    EmaExpectation.assertClose(file.stem(), both, expected);
  }

  private static Map<String, double[]> asBuffers(Map<String, double[]> values) {
    Map<String, double[]> buffers = new LinkedHashMap<>();
    values.forEach((name, value) -> buffers.put(BUFFER + name.replace('.', '_'), value));
    return buffers;
  }

  private static List<Seen> from(EmaReplay run, int epoch) {
    return run.seen().stream().filter(s -> s.epoch() >= epoch).toList();
  }

  private static EmaExpectation expectation(
      Case recorded, Plan plan, Map<String, double[]> weights, Map<String, double[]> average) {
    double momentum = recorded.at("ema").path("momentum").asDouble(0.0002);
    return new EmaExpectation(plan, weights, average, momentum, warmUp(recorded));
  }

  private static Plan plan(Case recorded) {
    boolean byEpoch = recorded.at("runner").asText().equals("EpochBasedRunner");
    List<Integer> lengths = new ArrayList<>();
    recorded.at("loader_lengths").forEach(length -> lengths.add(length.asInt()));
    List<Flow> flows = new ArrayList<>();
    recorded
        .at("workflow")
        .forEach(
            flow -> flows.add(new Flow(new Mode(flow.path(0).asText()), flow.path(1).asInt())));
    return new Plan(
        byEpoch,
        recorded.at(byEpoch ? "max_epochs" : "max_iters").asInt(),
        new Workflow(flows),
        lengths,
        recorded.at("start").path("epoch").asInt(0),
        recorded.at("start").path("iter").asInt(0),
        steps(recorded.at("train_batches")),
        false,
        momentum(recorded),
        recorded.at("ema").path("interval").asInt(1),
        priority(recorded),
        checkpoint(recorded));
  }

  private static Plan increments(
      Case recorded, int epochs, int startEpoch, int length, Optional<CheckpointHook> checkpoint) {
    return new Plan(
        true,
        epochs,
        Workflow.training(),
        List.of(length),
        startEpoch,
        startEpoch * length,
        steps(recorded.at("train_increments")),
        true,
        momentum(recorded),
        recorded.at("ema").path("interval").asInt(1),
        priority(recorded),
        checkpoint);
  }

  private static EmaMomentum momentum(Case recorded) {
    double momentum = recorded.at("ema").path("momentum").asDouble(0.0002);
    return new EmaMomentum.Linear(momentum, warmUp(recorded));
  }

  private static int warmUp(Case recorded) {
    return recorded.at("ema").path("warm_up").asInt(100);
  }

  private static Optional<Priority> priority(Case recorded) {
    JsonNode priority = recorded.at("ema_priority");
    if (priority.isMissingNode() || priority.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        priority.isNumber() ? new Priority(priority.asInt()) : Priority.named(priority.asText()));
  }

  private static Optional<CheckpointHook> checkpoint(Case recorded) {
    JsonNode options = recorded.at("checkpoint");
    if (!recorded.has("checkpoint")) {
      return Optional.empty();
    }
    int interval = options.path("interval").asInt(-1);
    return Optional.of(
        new CheckpointHook(
            options.path("by_epoch").asBoolean(true)
                ? Every.epochs(interval)
                : Every.iters(interval),
            options.path("save_last").asBoolean(true)));
  }

  private static List<Map<String, double[]>> steps(JsonNode steps) {
    return stream(steps).map(EmaReplay::tensors).toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items.stream().map(Objects::requireNonNull);
  }
}
