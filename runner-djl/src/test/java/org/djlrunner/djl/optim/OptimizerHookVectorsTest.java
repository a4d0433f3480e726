package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.djlrunner.Flow;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Close;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.ProbeBlock;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimizer hook on a real run clips, accumulates and updates as MMCV's did. */
@ExtendWith(VectorTally.class)
@AlsoOnGpu
class OptimizerHookVectorsTest {
  /** The recorded tolerance where a norm is involved. */
  private static final double TOLERANCE = 2e-4;

  /** What keeps a case from being comparable with MMCV, by its inputs alone. */
  private enum Deviation {
    ABSENT_AFTER_PRESENT,
    WINDOW_OF_UNEQUAL_BATCHES,
    WINDOW_ACROSS_PASSES,
    ZERO_NORM
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("plain")
  @DisplayName("D02 optimizer hook")
  void optimizerHook(Vectors.Case recorded) {
    tally(recorded);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("cumulative")
  @DisplayName("O05 cumulative optimizer hook")
  void cumulativeHook(Vectors.Case recorded) {
    tally(recorded);
  }

  static Stream<Vectors.Case> plain() {
    return Vectors.cases("sgd/optimizer_hook.json");
  }

  static Stream<Vectors.Case> cumulative() {
    return Vectors.cases("sgd/cumulative_hook.json");
  }

  private static void tally(Vectors.Case recorded) {
    Optional<Deviation> deviation = deviation(recorded);
    if (deviation.isPresent()) {
      recorded.deviation(deviation.get().name(), () -> judge(recorded));
    } else {
      recorded.equal(() -> judge(recorded));
    }
  }

  private static void judge(Vectors.Case recorded) {
    Optional<Deviation> deviation = deviation(recorded);
    boolean refused =
        (recorded.has("raises") && deviation.isEmpty())
            || deviation.equals(Optional.of(Deviation.ZERO_NORM));
    if (refused) {
      assertThatThrownBy(() -> settings(recorded)).isInstanceOf(IllegalArgumentException.class);
      return;
    }
    List<PlainUpdates.Row> actual = run(recorded);
    List<PlainUpdates.Row> pinned = PlainUpdates.of(recorded, passes(recorded));
    assertRows(actual, pinned, "against plain arithmetic");
    if (deviation.isEmpty()) {
      assertRows(actual, recordedRows(recorded), "against the recording");
    }
  }

  private static Optional<Deviation> deviation(Vectors.Case recorded) {
    JsonNode hook = recorded.at("optimizer_hook");
    if (hook.at("/grad_clip/norm_type").asText().equals("0")) {
      return Optional.of(Deviation.ZERO_NORM);
    }
    if (!hook.path("cumulative_iters").isIntegralNumber() && hook.has("cumulative_iters")) {
      return Optional.empty();
    }
    List<List<JsonNode>> passes = passes(recorded);
    if (absentAfterPresent(passes)) {
      return Optional.of(Deviation.ABSENT_AFTER_PRESENT);
    }
    int window = hook.path("cumulative_iters").asInt(1);
    if (window <= 1) {
      return Optional.empty();
    }
    boolean startsWithin = recorded.at("start").path("iter").asInt() % window != 0;
    for (int i = 0; i < passes.size(); i++) {
      boolean last = i == passes.size() - 1;
      if (startsWithin || (!last && passes.get(i).size() % window != 0)) {
        return Optional.of(Deviation.WINDOW_ACROSS_PASSES);
      }
      for (int from = 0; from < passes.get(i).size(); from += window) {
        int to = Math.min(passes.get(i).size(), from + window);
        Set<Integer> samples = new HashSet<>();
        passes.get(i).subList(from, to).forEach(b -> samples.add(b.path("num_samples").asInt()));
        if (samples.size() > 1) {
          return Optional.of(Deviation.WINDOW_OF_UNEQUAL_BATCHES);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean absentAfterPresent(List<List<JsonNode>> passes) {
    Set<Integer> present = new HashSet<>();
    for (List<JsonNode> pass : passes) {
      for (JsonNode batch : pass) {
        for (int p = 0; p < batch.path("coefficients").size(); p++) {
          if (!batch.path("coefficients").path(p).isNull()) {
            present.add(p);
          } else if (present.contains(p)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The batches that a run takes, pass by pass; all flows train. */
  private static List<List<JsonNode>> passes(Vectors.Case recorded) {
    int left = iterations(recorded);
    List<List<JsonNode>> passes = new ArrayList<>();
    int epochs = 0;
    while (left > 0 && hasEpoch(recorded, epochs)) {
      for (int flow = 0; flow < recorded.at("workflow").size(); flow++) {
        int turns = byEpoch(recorded) ? recorded.at("workflow").path(flow).path(1).asInt() : 1;
        for (int turn = 0;
            turn < turns && left > 0 && hasEpoch(recorded, epochs);
            turn++, epochs++) {
          List<JsonNode> pass = new ArrayList<>();
          for (JsonNode batch : recorded.at("loaders").path(flow)) {
            if (left > 0) {
              pass.add(batch);
              left--;
            }
          }
          passes.add(pass);
        }
      }
    }
    return passes;
  }

  private static boolean hasEpoch(Vectors.Case recorded, int done) {
    return !byEpoch(recorded) || done < recorded.at("max_epochs").asInt();
  }

  private static boolean byEpoch(Vectors.Case recorded) {
    return recorded.at("runner").asText().equals("EpochBasedRunner");
  }

  private static int iterations(Vectors.Case recorded) {
    return byEpoch(recorded)
        ? Integer.MAX_VALUE
        : recorded.at("max_iters").asInt() - recorded.at("start").path("iter").asInt();
  }

  private static List<PlainUpdates.Row> run(Vectors.Case recorded) {
    List<RecordedTensor> initial = new ArrayList<>();
    recorded.at("params").forEach(tensor -> initial.add(RecordedTensor.of(tensor)));
    ProbeBlock block = new ProbeBlock(initial);
    recorded.at("frozen_params").forEach(index -> block.parameter(index.asInt()).freeze(true));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(block, ProbeBlock.loss(), Devices.tested(), 0, new Shape(1));
        ArenaOptimizer sgd =
            RecordedOptions.optimizer("SGD", recorded.at("sgd_options"), model, GroupSpec.all())) {
      Rows rows = new Rows(block);
      Runner<ArrayBatch> runner =
          byEpoch(recorded)
              ? DjlRunners.epochBased(model, sgd, recorded.at("max_epochs").asInt()).build()
              : DjlRunners.iterBased(model, sgd, iterations(recorded)).build();
      runner.registerHook(new OptimizerHook(settings(recorded)));
      runner.registerHook(rows, Priority.LOWEST);
      List<ListLoader<ArrayBatch>> loaders = new ArrayList<>();
      recorded.at("loaders").forEach(batches -> loaders.add(loader(batches, model)));
      List<Flow> flows = new ArrayList<>();
      recorded.at("workflow").forEach(flow -> flows.add(Flow.train(flow.path(1).asInt())));
      runner.run(loaders, Workflow.of(flows.toArray(Flow[]::new)));
      return rows.rows;
    }
  }

  private static ListLoader<ArrayBatch> loader(JsonNode batches, DjlModelStep<?> model) {
    List<Supplier<ArrayBatch>> suppliers = new ArrayList<>();
    for (JsonNode batch : batches) {
      int samples = batch.path("num_samples").asInt();
      suppliers.add(() -> ProbeBlock.batch(model.manager(), samples, batch.path("coefficients")));
    }
    return new ListLoader<>(suppliers);
  }

  /** What the hook's config says; refuses what configs refuse. */
  private static UpdateSettings settings(Vectors.Case recorded) {
    JsonNode hook = recorded.at("optimizer_hook");
    JsonNode iters = hook.path("cumulative_iters");
    if (!iters.isMissingNode() && !iters.isIntegralNumber()) {
      throw new IllegalArgumentException("cumulative_iters must be a whole number, got " + iters);
    }
    UpdateSettings settings = UpdateSettings.PLAIN.cumulativeIters(iters.asInt(1));
    JsonNode clip = hook.path("grad_clip");
    if (clip.isMissingNode() || clip.isNull()) {
      return settings;
    }
    if (!clip.has("max_norm")) {
      throw new IllegalArgumentException("grad_clip needs max_norm, got " + clip);
    }
    double type = clip.has("norm_type") ? RecordedTensor.number(clip.path("norm_type")) : 2;
    return settings.clip(new GradClip(clip.path("max_norm").asDouble(), type));
  }

  private static List<PlainUpdates.Row> recordedRows(Vectors.Case recorded) {
    List<PlainUpdates.Row> rows = new ArrayList<>();
    for (JsonNode row : recorded.at("rows")) {
      JsonNode norm = row.path("grad_norm");
      rows.add(
          new PlainUpdates.Row(
              norm.isNull() ? null : RecordedTensor.number(norm),
              RecordedTensor.flat(row.path("params"))));
    }
    return rows;
  }

  private static void assertRows(
      List<PlainUpdates.Row> actual, List<PlainUpdates.Row> expected, String against) {
    assertThat(actual).as(against).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      String when = against + ", iteration " + i;
      assertThat(actual.get(i).norm() == null).as(when).isEqualTo(expected.get(i).norm() == null);
      Close.assertAll(norm(actual.get(i)), norm(expected.get(i)), TOLERANCE, when + ": norm");
      Close.assertAll(
          actual.get(i).parameters(), expected.get(i).parameters(), TOLERANCE, when + ": params");
    }
  }

  private static List<Float> norm(PlainUpdates.Row row) {
    Float norm = row.norm();
    return norm == null ? List.of() : List.of(norm);
  }

  /** Notes norm and parameters behind all other hooks. */
  private static final class Rows implements Hook {
    private final List<PlainUpdates.Row> rows = new ArrayList<>();
    private final ProbeBlock block;

    Rows(ProbeBlock block) {
      this.block = block;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      Double norm = context.logBuffer().average(1).get("grad_norm");
      rows.add(new PlainUpdates.Row(norm == null ? null : norm.floatValue(), block.values()));
    }
  }
}
