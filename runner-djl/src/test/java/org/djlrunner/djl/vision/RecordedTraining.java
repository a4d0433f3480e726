package org.djlrunner.djl.vision;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;

/** Does with our network what was done for a recorded case, and notes the same numbers. */
final class RecordedTraining implements AutoCloseable {
  /** A change of weights that is as small as their own rounding. */
  private static final double ROUNDING = 0x1p-23;

  private final JsonNode vectors;
  private final ResNet network;
  private final DjlModelStep<ArrayBatch> model;
  private final Map<String, double[]> numbers = new LinkedHashMap<>();

  private RecordedTraining(JsonNode vectors, ResNetDepth depth, int roundings) {
    this.vectors = vectors;
    JsonNode tensors = vectors.path("state_dict");
    int classes = tensors.path(tensors.size() - 1).path("shape").path(0).asInt();
    boolean smallStem = tensors.path(0).path("shape").path(2).asInt() == 3;
    long[] input = shape(vectors.path("input_shape"));
    this.network = new ResNet(depth, classes, smallStem);
    this.model =
        new DjlModelStep<>(
            network,
            Loss.softmaxCrossEntropyLoss(),
            Devices.tested(),
            0,
            new Shape(1, input[1], input[2], input[3]));
    fill(roundings);
  }

  /**
   * The numbers of a case, by their path in the file.
   *
   * @param roundings 0 for the case itself; otherwise a seed, and each weight is off by at most one
   *     rounding, up or down by that seed
   */
  static Map<String, double[]> numbers(JsonNode vectors, ResNetDepth depth, int roundings) {
    try (RecordedTraining training = new RecordedTraining(vectors, depth, roundings)) {
      training.run();
      return training.numbers;
    }
  }

  private void run() {
    numbers.put("eval_logits", logits("eval_logits"));
    try (Sgd sgd = sgd(model, vectors)) {
      for (int step = 0; step < vectors.path("steps").size(); step++) {
        train(sgd, step);
      }
    }
    numbers.put("eval_logits_after", logits("eval_logits_after"));
    Map<String, Parameter> parameters = ParameterNames.of(network);
    numbers.put(
        "param_norms_after",
        vectors.path("param_norms_after").properties().stream()
            .map(named -> Objects.requireNonNull(parameters.get(named.getKey()), named.getKey()))
            .mapToDouble(parameter -> norm(parameter.getArray()))
            .toArray());
  }

  private void train(Sgd sgd, int step) {
    JsonNode recorded = vectors.path("steps").path(step);
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(model, vectors);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      NDArray gradient = model.arena().gradient().orElseThrow();
      numbers.put("steps[" + step + "].grad_norm_total", new double[] {norm(gradient)});
      if (recorded.hasNonNull("grad_norms")) {
        numbers.put(
            "steps[" + step + "].grad_norms",
            recorded.path("grad_norms").properties().stream()
                .mapToDouble(named -> gradientNorm(gradient, named.getKey()))
                .toArray());
      }
      sgd.step();
      double loss = Objects.requireNonNull(Steps.read(output).get("loss"));
      numbers.put("steps[" + step + "].loss", new double[] {loss});
    }
  }

  private double gradientNorm(NDArray gradient, String name) {
    ArenaSlot slot = model.arena().slots().get(model.arena().layout().indexOf(name));
    try (NDArray piece =
        gradient.get(new NDIndex("{}:{}", slot.offset(), slot.offset() + slot.size()))) {
      return norm(piece);
    }
  }

  private static double norm(NDArray array) {
    try (NDArray squares = array.square();
        NDArray sum = squares.sum();
        NDArray norm = sum.sqrt()) {
      return norm.getFloat();
    }
  }

  /** As many columns of each row as were recorded. */
  private double[] logits(String key) {
    try (Scope evaluation = model.enter(Mode.VAL);
        ArrayBatch batch = batch(model, vectors)) {
      NDList logits =
          network.forward(new ParameterStore(batch.manager(), false), batch.inputs(), false);
      float[] all = logits.singletonOrThrow().toFloatArray();
      int rows = vectors.path(key).size();
      int columns = vectors.path(key).path(0).size();
      int classes = all.length / rows;
      return IntStream.range(0, rows * columns)
          .mapToDouble(i -> all[i / columns * classes + i % columns])
          .toArray();
    }
  }

  /** Fills weights and statistics by the vectors' rule, in their order, which must be ours. */
  private void fill(int roundings) {
    Map<String, Parameter> parameters = ParameterNames.of(network);
    List<String> names = new ArrayList<>();
    vectors.path("state_dict").forEach(tensor -> names.add(tensor.path("name").asText()));
    assertThat(parameters.keySet()).containsExactlyElementsOf(names);
    Random random = new Random(roundings);
    int position = 0;
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      NDArray array = entry.getValue().getArray();
      assertThat(array.getShape().getShape())
          .as(entry.getKey())
          .containsExactly(shape(vectors.path("state_dict").path(position).path("shape")));
      float[] values = VectorRule.weights(entry.getKey(), position++, array.getShape().getShape());
      for (int i = 0; roundings != 0 && i < values.length; i++) {
        values[i] *= (float) (1 + (random.nextBoolean() ? ROUNDING : -ROUNDING));
      }
      try (NDManager scratch = array.getManager().newSubManager()) {
        array.set(new NDIndex("..."), scratch.create(values, array.getShape()));
      }
    }
  }

  private static Sgd sgd(DjlModelStep<ArrayBatch> model, JsonNode vectors) {
    JsonNode options = vectors.path("optimizer");
    return new Sgd(
        model.arena(),
        new SgdOptions(
            options.path("lr").asDouble(),
            options.path("momentum").asDouble(),
            0,
            options.path("weight_decay").asDouble(),
            options.path("nesterov").asBoolean()),
        model.scalars());
  }

  private static ArrayBatch batch(DjlModelStep<ArrayBatch> model, JsonNode vectors) {
    long[] shape = shape(vectors.path("input_shape"));
    List<Long> labels = new ArrayList<>();
    vectors.path("labels").forEach(label -> labels.add(label.asLong()));
    return new ArrayBatch(
        model.manager(),
        labels.size(),
        manager -> new NDList(manager.create(VectorRule.input(shape), new Shape(shape))),
        manager ->
            new NDList(manager.create(labels.stream().mapToLong(Long::longValue).toArray())));
  }

  private static long[] shape(JsonNode sizes) {
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    return shape;
  }

  @Override
  public void close() {
    model.close();
  }
}
