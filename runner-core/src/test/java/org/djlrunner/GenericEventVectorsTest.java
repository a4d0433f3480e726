package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Specific stages that hand on to the generic ones, against MMCV. */
@ExtendWith(VectorTally.class)
class GenericEventVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("trace/generic_events.json");
  }

  /** Notes every call, and hands the specific ones on. */
  private static final class Both implements Hook {
    private final List<String> events = new ArrayList<>();

    private void note(String name, HookContext context) {
      events.add(name + " " + context.progress().iter());
    }

    @Override
    public void beforeEpoch(HookContext context) {
      note("before_epoch", context);
    }

    @Override
    public void beforeIter(HookContext context) {
      note("before_iter", context);
    }

    @Override
    public void afterIter(HookContext context) {
      note("after_iter", context);
    }

    @Override
    public void afterEpoch(HookContext context) {
      note("after_epoch", context);
    }

    @Override
    public void beforeRun(HookContext context) {
      note("before_run", context);
    }

    @Override
    public void beforeTrainEpoch(HookContext context) {
      note("before_train_epoch", context);
      Hook.super.beforeTrainEpoch(context);
    }

    @Override
    public void beforeTrainIter(HookContext context) {
      note("before_train_iter", context);
      Hook.super.beforeTrainIter(context);
    }

    @Override
    public void afterTrainIter(HookContext context) {
      note("after_train_iter", context);
      Hook.super.afterTrainIter(context);
    }

    @Override
    public void afterTrainEpoch(HookContext context) {
      note("after_train_epoch", context);
      Hook.super.afterTrainEpoch(context);
    }

    @Override
    public void beforeValEpoch(HookContext context) {
      note("before_val_epoch", context);
      Hook.super.beforeValEpoch(context);
    }

    @Override
    public void beforeValIter(HookContext context) {
      note("before_val_iter", context);
      Hook.super.beforeValIter(context);
    }

    @Override
    public void afterValIter(HookContext context) {
      note("after_val_iter", context);
      Hook.super.afterValIter(context);
    }

    @Override
    public void afterValEpoch(HookContext context) {
      note("after_val_epoch", context);
      Hook.super.afterValEpoch(context);
    }

    @Override
    public void afterRun(HookContext context) {
      note("after_run", context);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("H03 a specific stage that hands on reaches the generic one right behind it")
  void generic(Case c) {
    if (RecordedRun.isRefused(c)) {
      c.deviation("limits below 1", () -> assertThatThrownBy(() -> events(c)));
    } else if (RecordedRun.isByEpoch(c)) {
      c.equal(() -> assertThat(events(c)).isEqualTo(expected(c, event -> true)));
    } else {
      c.deviation("Q-R5", () -> assertIterations(c));
    }
  }

  /** Iterations as MMCV's; each epoch stage, which MMCV lacks, has its generic one behind it. */
  private static void assertIterations(Case c) {
    List<String> events = events(c);
    assertThat(events)
        .filteredOn(event -> !event.contains("epoch"))
        .isEqualTo(expected(c, event -> !event.contains("epoch")));
    List<String> epochs = events.stream().filter(event -> event.contains("epoch")).toList();
    assertThat(epochs).isNotEmpty();
    for (int i = 0; i < epochs.size(); i += 2) {
      assertThat(epochs.get(i + 1)).isEqualTo(epochs.get(i).replaceFirst("_(train|val)", ""));
    }
  }

  private static List<String> events(Case c) {
    Both hook = new Both();
    RecordedRun.run(c, new FakeStep(), RecordedRun.loaders(c), hook);
    return hook.events;
  }

  private static List<String> expected(Case c, Predicate<String> which) {
    List<String> events = new ArrayList<>();
    for (JsonNode row : c.at("rows")) {
      String event = row.get(0).asText();
      if (!event.endsWith("_step") && which.test(event)) {
        events.add(event + " " + row.get(3).asInt());
      }
    }
    return events;
  }
}
