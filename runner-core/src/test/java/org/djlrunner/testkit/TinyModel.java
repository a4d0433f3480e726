package org.djlrunner.testkit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.checkpoint.WeightMatch;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.djlrunner.spi.WeightLoading;

/**
 * A model of one weight that really learns, with momentum, and can be saved as JSON: enough to see
 * whether a run that was interrupted ends where one that wasn't does.
 */
public final class TinyModel implements ModelStep<FakeBatch>, Optimizer, CheckpointCodec {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<ParamGroup> groups;
  private double weight = 1;
  private double velocity;
  private double gradient;
  private double taken;

  /** A model with a learning rate. */
  public TinyModel(double lr) {
    groups = List.of(new ParamGroup("all", Map.of("lr", lr, "momentum", 0.9)));
  }

  /** The weight. */
  public double weight() {
    return weight;
  }

  @Override
  public StepOutput trainStep(FakeBatch batch, StepContext context) {
    double target = Math.sin(17.0 * batch.pass() + batch.index());
    double loss = (weight - target) * (weight - target);
    double slope = 2 * (weight - target);
    return new StepOutput(
        scale -> taken += slope * scale, Map.of("loss", Scalar.of(loss)), 1, () -> {});
  }

  @Override
  public StepOutput valStep(FakeBatch batch, StepContext context) {
    return new StepOutput(null, Map.of("accuracy", Scalar.of(weight * batch.index())), 1, () -> {});
  }

  @Override
  public Scope enter(Mode mode) {
    return () -> {};
  }

  @Override
  public List<ParamGroup> paramGroups() {
    return groups;
  }

  @Override
  public void zeroGrad() {
    gradient = 0;
    taken = 0;
  }

  @Override
  public void keepGrad() {
    gradient += taken;
    taken = 0;
  }

  @Override
  public boolean mayKeepGrad() {
    return gradient != 0;
  }

  @Override
  public Scalar scaleGrad(double factor) {
    keepGrad();
    gradient *= factor;
    return Scalar.of(1);
  }

  @Override
  public void clipGradValue(double clipValue) {
    throw new AssertionError("this model trains without clipping");
  }

  @Override
  public Scalar clipGradNorm(double maxNorm, double normType) {
    throw new AssertionError("this model trains without clipping");
  }

  @Override
  public void step() {
    keepGrad();
    ParamGroup group = groups.get(0);
    velocity = group.currentMomentum() * velocity + gradient;
    weight -= group.lr() * velocity;
  }

  @Override
  public void close() {}

  @Override
  public String extension() {
    return "json";
  }

  @Override
  public Capture capture(Map<String, Optimizer> optimizers) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("weight", weight);
    if (!optimizers.isEmpty()) {
      model.put("velocity", velocity);
      model.put("gradient", gradient);
      model.put("options", groups.get(0).options());
    }
    return new Capture() {
      @Override
      public void write(Path file, Map<String, ?> meta) throws IOException {
        JSON.writeValue(file.toFile(), Map.of("meta", meta, "model", model));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Map<String, Object> readMeta(Path file) throws IOException {
    return part(file, "meta");
  }

  @Override
  public void verify(Path file) throws IOException {
    part(file, "model");
  }

  @Override
  public List<String> loadWeights(Path file, WeightLoading loading) throws IOException {
    Map<String, Object> model = part(file, "model");
    model.keySet().removeAll(List.of("velocity", "gradient", "options"));
    Map<String, String> kinds = new LinkedHashMap<>();
    model.forEach((name, value) -> kinds.put(name, value instanceof Number ? "number" : "text"));
    WeightMatch match = WeightMatch.of(Map.of("weight", "number"), kinds, loading);
    List<String> notes = match.require(file, loading);
    weight = number(model, match.stored().getOrDefault("weight", "weight"));
    return notes;
  }

  @Override
  public List<String> restore(Path file, Map<String, Optimizer> optimizers, boolean hyperparameters)
      throws IOException {
    Map<String, Object> model = part(file, "model");
    double storedWeight = number(model, "weight");
    if (!optimizers.isEmpty() && model.containsKey("velocity")) {
      velocity = number(model, "velocity");
      gradient = number(model, "gradient");
      if (hyperparameters && model.get("options") instanceof Map<?, ?> options) {
        options.forEach(
            (name, value) ->
                groups.get(0).setOption(String.valueOf(name), ((Number) value).doubleValue()));
      }
    }
    weight = storedWeight;
    return List.of();
  }

  private static double number(Map<String, Object> model, String name) throws IOException {
    if (model.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IOException("it holds no " + name);
  }

  private static Map<String, Object> part(Path file, String name) throws IOException {
    Map<String, Map<String, Object>> parts =
        JSON.readValue(Files.readString(file), new TypeReference<>() {});
    Map<String, Object> part = parts.get(name);
    if (part == null) {
      throw new IOException(file + " has no " + name);
    }
    return part;
  }
}
