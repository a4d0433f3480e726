package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.djlrunner.Flow;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.ProbeBlock;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.testkit.Vectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimizer hook on a real run clips and updates as MMCV's did in the recorded cases. */
@DisplayName("D02 gradient clipping vectors")
class GradientClippingVectorsTest {
  private static final String FILE = "sgd/optimizer_hook.json";
  private static final String USED = "used";

  @ParameterizedTest
  @MethodSource("used")
  void normGradientsAndParametersAreThoseOfMmcv(Vectors.Case recorded) {
    ProbeBlock block =
        new ProbeBlock(children(recorded.at("params")).map(RecordedTensor::of).toList());
    recorded.at("frozen_params").forEach(index -> block.parameter(index.asInt()).freeze(true));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(block, ProbeBlock.loss(), Device.cpu(), 0, new Shape(1));
        Sgd sgd = new Sgd(model.arena(), options(recorded.at("sgd_options")), model.scalars())) {
      GradientRecorder gradients = new GradientRecorder(sgd, model);
      RowRecorder rows = new RowRecorder(block, gradients);
      Runner<ArrayBatch> runner = runner(recorded, model, gradients);
      runner.registerHook(new OptimizerHook(clip(recorded)));
      runner.registerHook(rows, Priority.LOWEST);

      runner.run(List.of(loader(recorded.at("loaders").path(0), model)), workflow(recorded));

      List<Row> expected = children(recorded.at("rows")).map(Row::of).toList();
      assertThat(rows.rows).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        rows.rows.get(i).assertClose(expected.get(i), "iteration " + i);
      }
    }
  }

  @Test
  void everyRecordedCaseIsUsedOrLeftOutForAKnownReason() {
    Map<String, Long> reasons =
        Vectors.cases(FILE)
            .collect(
                Collectors.groupingBy(GradientClippingVectorsTest::use, Collectors.counting()));

    assertThat(reasons)
        .isEqualTo(
            Map.of(
                USED,
                36L,
                "a parameter without gradient",
                1L,
                "the 0-norm, which GradClip refuses",
                1L,
                "max_norm missing: GradClip can't be had without one",
                1L));
  }

  static Stream<Vectors.Case> used() {
    return Vectors.cases(FILE).filter(c -> use(c).equals(USED));
  }

  private static String use(Vectors.Case recorded) {
    if (recorded.has("raises")) {
      return "max_norm missing: GradClip can't be had without one";
    }
    if (recorded.at("optimizer_hook").at("/grad_clip/norm_type").asText().equals("0")) {
      return "the 0-norm, which GradClip refuses";
    }
    boolean takesNoPart =
        recorded.at("loaders").findValues("coefficients").stream()
            .flatMap(GradientClippingVectorsTest::children)
            .anyMatch(JsonNode::isNull);
    return takesNoPart ? "a parameter without gradient" : USED;
  }

  /** What is compared after an iteration; no norm where nothing is clipped. */
  private record Row(@Nullable Float norm, List<Float> gradients, List<Float> parameters) {
    static Row of(JsonNode row) {
      JsonNode norm = row.path("grad_norm");
      List<Float> gradients =
          children(row.path("grads_after_hook"))
              .filter(gradient -> !gradient.isNull())
              .flatMap(gradient -> RecordedTensor.flat(gradient).stream())
              .toList();
      return new Row(
          norm.isNull() ? null : RecordedTensor.number(norm),
          gradients,
          RecordedTensor.flat(row.path("params")));
    }

    void assertClose(Row expected, String when) {
      if (expected.norm == null) {
        assertThat(norm).as(when).isNull();
      } else {
        assertThat(norm).as(when).isNotNull();
        assertAllClose(List.of(norm == null ? 0 : norm), List.of(expected.norm), when + ": norm");
      }
      assertAllClose(gradients, expected.gradients, when + ": gradients");
      assertAllClose(parameters, expected.parameters, when + ": parameters");
    }
  }

  /** The recorded tolerance where a norm is involved: 2e-4 relative. */
  private static void assertAllClose(List<Float> actual, List<Float> expected, String what) {
    assertThat(actual)
        .as(what)
        .usingElementComparator(
            (a, b) ->
                Math.abs(a - b) <= 2e-4 * Math.max(0.01, Math.abs(b)) ? 0 : Float.compare(a, b))
        .isEqualTo(expected);
  }

  /** SGD that notes the gradients that it is about to use up. */
  private static final class GradientRecorder implements Optimizer {
    private final Sgd sgd;
    private final DjlModelStep<?> model;
    private List<Float> gradients = List.of();

    GradientRecorder(Sgd sgd, DjlModelStep<?> model) {
      this.sgd = sgd;
      this.model = model;
    }

    @Override
    public List<ParamGroup> paramGroups() {
      return sgd.paramGroups();
    }

    @Override
    public void zeroGrad() {
      sgd.zeroGrad();
    }

    @Override
    public void keepGrad() {
      sgd.keepGrad();
    }

    @Override
    public Scalar scaleGrad(double factor) {
      return sgd.scaleGrad(factor);
    }

    @Override
    public void clipGradValue(double clipValue) {
      sgd.clipGradValue(clipValue);
    }

    @Override
    public Scalar clipGradNorm(double maxNorm, double normType) {
      return sgd.clipGradNorm(maxNorm, normType);
    }

    @Override
    public void step() {
      gradients = new ArrayList<>();
      float[] flat = model.arena().gradient().orElseThrow().toFloatArray();
      // The arena holds matrices first; the recorded cases hold p0, p1 and so on.
      model.arena().slots().stream()
          .sorted(Comparator.comparing(ArenaSlot::name))
          .forEach(
              slot -> {
                for (int i = 0; i < slot.size(); i++) {
                  gradients.add(flat[(int) slot.offset() + i]);
                }
              });
      sgd.step();
    }
  }

  /** Notes norm, gradients and parameters behind all other hooks. */
  private static final class RowRecorder implements Hook {
    private final List<Row> rows = new ArrayList<>();
    private final ProbeBlock block;
    private final GradientRecorder gradients;

    RowRecorder(ProbeBlock block, GradientRecorder gradients) {
      this.block = block;
      this.gradients = gradients;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      Double norm = context.logBuffer().average(1).get("grad_norm");
      rows.add(
          new Row(norm == null ? null : norm.floatValue(), gradients.gradients, block.values()));
    }
  }

  private static Runner<ArrayBatch> runner(
      Vectors.Case recorded, DjlModelStep<ArrayBatch> model, Optimizer optimizer) {
    return recorded.at("runner").asText().equals("EpochBasedRunner")
        ? DjlRunners.epochBased(model, optimizer, recorded.at("max_epochs").asInt()).build()
        : DjlRunners.iterBased(model, optimizer, recorded.at("max_iters").asInt()).build();
  }

  private static ListLoader<ArrayBatch> loader(JsonNode batches, DjlModelStep<?> model) {
    List<Supplier<ArrayBatch>> suppliers = new ArrayList<>();
    for (JsonNode batch : batches) {
      List<RecordedTensor> coefficients =
          children(batch.path("coefficients")).map(RecordedTensor::of).toList();
      suppliers.add(
          () ->
              new ArrayBatch(
                  model.manager(),
                  batch.path("num_samples").asInt(),
                  scope -> new NDList(coefficients.stream().map(c -> c.create(scope)).toList()),
                  scope -> new NDList()));
    }
    return new ListLoader<>(suppliers);
  }

  private static Workflow workflow(Vectors.Case recorded) {
    return Workflow.of(Flow.train(recorded.at("workflow").path(0).path(1).asInt()));
  }

  private static @Nullable GradClip clip(Vectors.Case recorded) {
    JsonNode clip = recorded.at("optimizer_hook").path("grad_clip");
    return clip.isNull()
        ? null
        : new GradClip(
            clip.path("max_norm").asDouble(),
            clip.has("norm_type") ? RecordedTensor.number(clip.path("norm_type")) : 2);
  }

  private static SgdOptions options(JsonNode options) {
    return new SgdOptions(
        options.path("lr").asDouble(),
        options.path("momentum").asDouble(),
        options.path("dampening").asDouble(),
        options.path("weight_decay").asDouble(),
        options.path("nesterov").asBoolean());
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }
}
