package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Epochs called one by one, which here a runner of one's own does, against MMCV. */
@ExtendWith(VectorTally.class)
class DirectCallVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("trace/direct_calls.json");
  }

  /** Walks the epochs that a case lists, whatever the workflow says. */
  private static final class Listed extends Runner<FakeBatch> {
    private final Case recorded;

    Listed(Case recorded, ModelStep<FakeBatch> model, RunSettings settings) {
      super(model, settings);
      this.recorded = recorded;
    }

    @Override
    protected OptionalInt maxEpochs() {
      JsonNode limit = recorded.at("max_epochs");
      return limit.isInt() ? OptionalInt.of(limit.asInt()) : OptionalInt.empty();
    }

    @Override
    protected OptionalInt maxIters(List<DataLoader<FakeBatch>> loaders, Workflow workflow) {
      OptionalInt length = loaders.get(0).length();
      return maxEpochs().isPresent() && length.isPresent()
          ? OptionalInt.of(maxEpochs().getAsInt() * length.getAsInt())
          : OptionalInt.empty();
    }

    @Override
    protected void walk(Walk<FakeBatch> walk) {
      for (JsonNode call : recorded.at("direct_calls")) {
        walk.epoch(new Mode(call.get(0).asText()), walk.loaders().get(call.get(1).asInt()));
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R01 R17 a runner of one's own walks epoch by epoch, its stages are MMCV's")
  void calls(Case c) {
    boolean trains = false;
    for (JsonNode call : c.at("direct_calls")) {
      trains |= call.get(0).asText().equals("train");
    }
    if (trains && !c.has("max_epochs")) {
      // MMCV multiplies a missing limit; ours needs none.
      c.deviation("Q-R33", () -> assertUnlimited(c));
    } else {
      c.equal(() -> assertThat(run(c).lines()).isEqualTo(expected(c)));
    }
  }

  private static void assertUnlimited(Case c) {
    List<String> lines = run(c).lines();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("before_") && line.contains("_epoch"))
        .hasSameSizeAs(c.at("direct_calls"));
    assertThat(lines).filteredOn(line -> line.startsWith("after_train_epoch")).isNotEmpty();
  }

  private static RecordingHook run(Case c) {
    RecordingHook recording = new RecordingHook();
    Runner<FakeBatch> runner =
        RunnerBuilder.of(
                new FakeStep(),
                (ModelStep<FakeBatch> model, RunSettings settings) ->
                    new Listed(c, model, settings))
            .build();
    runner.registerHook(recording);
    List<FakeLoader> loaders = RecordedRun.loaders(c);
    List<Flow> flows = new ArrayList<>();
    loaders.forEach(loader -> flows.add(Flow.train(1)));
    runner.run(loaders, new Workflow(flows));
    return recording;
  }

  /** MMCV's calls, between the two stages of a run. */
  private static List<String> expected(Case c) {
    List<String> lines = new ArrayList<>();
    lines.add("before_run 0/0/0");
    for (JsonNode row : c.at("rows")) {
      if (!row.get(0).asText().endsWith("_step")) {
        lines.add(
            row.get(0).asText()
                + (" " + row.get(2).asInt() + "/" + row.get(3).asInt() + "/" + row.get(4).asInt()));
      }
    }
    JsonNode end = c.at("final");
    lines.add(
        "after_run "
            + end.path("epoch").asInt()
            + "/"
            + end.path("iter").asInt()
            + "/"
            + end.path("inner_iter").asInt());
    return lines;
  }
}
