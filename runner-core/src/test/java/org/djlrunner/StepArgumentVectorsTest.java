package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.build.RunnerTypes;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What steps are called with, against MMCV. */
@ExtendWith(VectorTally.class)
class StepArgumentVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("trace/step_arguments.json");
  }

  /** Notes what each step gets. */
  private static final class Noting implements ModelStep<FakeBatch> {
    private final Map<String, String> seen = new LinkedHashMap<>();
    private @Nullable Mode entered;

    @Override
    public StepOutput trainStep(FakeBatch batch, StepContext context) {
      return note("train_step", context);
    }

    @Override
    public StepOutput valStep(FakeBatch batch, StepContext context) {
      return note("val_step", context);
    }

    private StepOutput note(String step, StepContext context) {
      seen.put(step, entered + " " + List.copyOf(context.optimizers().keySet()));
      return new StepOutput(null, Map.of(), 1, () -> {});
    }

    @Override
    public Scope enter(Mode mode) {
      entered = mode;
      return () -> entered = null;
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R19 both steps get the batch and the optimizers, in every runner")
  void arguments(Case c) {
    boolean plain = c.at("run_keywords").isEmpty();
    if (plain && RecordedRun.isByEpoch(c)) {
      c.equal(
          () -> {
            for (String step : List.of("train_step", "val_step")) {
              boolean given =
                  c.at("calls").path(step).path("positional").path(1).asText().equals("optimizer");
              assertThat(names(c).isEmpty()).isNotEqualTo(given);
            }
            assertSeen(c);
          });
    } else {
      // MMCV's iteration runner keeps the optimizer from val_step; keywords reach some steps.
      c.deviation("Q-R2", () -> assertSeen(c));
    }
  }

  private static void assertSeen(Case c) {
    Noting model = new Noting();
    var builder =
        RunnerTypes.shipped()
            .build(
                Map.of(
                    "type",
                    c.at("runner").asText(),
                    RecordedRun.isByEpoch(c) ? "max_epochs" : "max_iters",
                    1),
                Map.of())
            .builder(model);
    names(c).forEach(name -> builder.optimizer(name, new FakeOptimizer(0.1)));
    builder
        .build()
        .run(List.of(FakeLoader.of(1), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    assertThat(model.seen)
        .containsExactly(
            Map.entry("train_step", "train " + names(c)), Map.entry("val_step", "val " + names(c)));
  }

  private static List<String> names(Case c) {
    return switch (c.at("optimizer").asText()) {
      case "none" -> List.of();
      case "single" -> List.of(RunnerBuilder.DEFAULT_OPTIMIZER);
      default -> List.of("a", "b");
    };
  }
}
