package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.Runner;
import org.djlrunner.config.ConfigException;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.JavaSnippet;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runners built in code and from configs: what is taken and what is refused, against MMCV. */
@ExtendWith(VectorTally.class)
class ConstructVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> constructed() {
    return Vectors.cases("errors/construct.json");
  }

  static Stream<Case> built() {
    return Vectors.cases("errors/build_runner.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("constructed")
  @DisplayName("R20 a builder takes what MMCV's constructors take, but for limits and loggers")
  void constructs(Case c) {
    if (isRefused(c) == c.has("raises")) {
      c.equal(() -> assertConstructed(c));
    } else {
      c.deviation("Q-R37, Q-R38", () -> assertConstructed(c));
    }
  }

  private void assertConstructed(Case c) throws ReflectiveOperationException, IOException {
    if (isRefused(c)) {
      assertThatThrownBy(() -> construct(c)).isInstanceOf(RuntimeException.class);
    } else {
      assertThat(construct(c).getClass().getSimpleName()).isEqualTo(c.at("runner").asText());
      if (c.at("arguments").path("work_dir").isTextual()) {
        assertThat(folder.resolve(c.at("arguments").path("work_dir").asText())).isDirectory();
      }
    }
  }

  /** What we refuse: a limit that is not this runner's, and what Java's types don't take. */
  private static boolean isRefused(Case c) {
    JsonNode arguments = c.at("arguments");
    boolean byEpoch = c.at("runner").asText().startsWith("Epoch");
    JsonNode limit = arguments.path(byEpoch ? "max_epochs" : "max_iters");
    boolean trains = !arguments.path("model").asText().matches(".*without_(train_step|steps)");
    JsonNode processor = arguments.path("batch_processor");
    boolean alone = !arguments.hasNonNull("batch_processor");
    boolean oldStep = processor.asText().equals("$function") && !hasSteps(c);
    boolean step = alone ? trains : oldStep;
    boolean optimizer =
        arguments.path("optimizer").isMissingNode()
            || arguments.path("optimizer").isNull()
            || arguments.path("optimizer").asText().matches("\\$optimizers?");
    boolean meta = !arguments.hasNonNull("meta") || arguments.get("meta").isObject();
    boolean workDir = !arguments.hasNonNull("work_dir") || arguments.get("work_dir").isTextual();
    boolean otherLimit = arguments.hasNonNull(byEpoch ? "max_iters" : "max_epochs");
    return !limit.isInt()
        || limit.asInt() < 1
        || otherLimit
        || !step
        || !optimizer
        || !meta
        || !workDir;
  }

  private static boolean hasSteps(Case c) {
    return !c.at("arguments").path("model").asText().endsWith("without_steps");
  }

  /** Writes the constructor's call in Java, compiles it, and runs it. */
  private Runner<?> construct(Case c) throws ReflectiveOperationException, IOException {
    JsonNode arguments = c.at("arguments");
    boolean byEpoch = c.at("runner").asText().startsWith("Epoch");
    StringBuilder call = new StringBuilder(c.at("runner").asText());
    call.append(".builder(").append(model(c));
    literal(arguments.path(byEpoch ? "max_epochs" : "max_iters"))
        .ifPresent(limit -> call.append(", ").append(limit));
    call.append(")");
    literal(arguments.path(byEpoch ? "max_iters" : "max_epochs"))
        .ifPresent(
            limit -> call.append(byEpoch ? ".maxIters(" : ".maxEpochs(").append(limit).append(")"));
    call.append(optimizer(arguments.path("optimizer")));
    JsonNode meta = arguments.path("meta");
    if (meta.isObject()) {
      meta.properties()
          .forEach(p -> call.append(".meta(\"" + p.getKey() + "\", " + p.getValue() + ")"));
    } else if (!meta.isMissingNode() && !meta.isNull()) {
      call.append(".meta(List.of())");
    }
    JsonNode workDir = arguments.path("work_dir");
    if (workDir.isTextual()) {
      call.append(".workDir(folder.resolve(\"" + workDir.asText() + "\"))");
    } else {
      literal(workDir).ifPresent(value -> call.append(".workDir(").append(value).append(")"));
    }
    String source =
        """
        import java.nio.file.Path;
        import java.util.*;
        import org.djlrunner.*;
        import org.djlrunner.spi.*;
        import org.djlrunner.testkit.*;
        public class Construct {
          static ModelStep<FakeBatch> trainOnly() {
            return new ModelStep<>() {
              public StepOutput trainStep(FakeBatch batch, StepContext context) { return null; }
              public Scope enter(Mode mode) { return () -> {}; }
            };
          }
          public static Object make(Path folder) {
            return %s.build();
          }
        }
        """
            .formatted(call);
    Class<?> compiled = JavaSnippet.compile(folder, "Construct", source);
    try {
      return (Runner<?>) compiled.getMethod("make", Path.class).invoke(null, folder);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Optional<String> literal(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(value.toString());
  }

  private static String model(Case c) {
    JsonNode processor = c.at("arguments").path("batch_processor");
    String model =
        switch (c.at("arguments").path("model").asText()) {
          case "$model" -> "new FakeStep()";
          case "$model_without_val_step" -> "trainOnly()";
          default -> "new Object()";
        };
    if (processor.isMissingNode() || processor.isNull()) {
      return model;
    }
    String function =
        processor.asText().equals("$function") ? "(m, b, train) -> null" : "" + processor;
    return hasSteps(c)
        ? model + ", (BatchProcessor<Object, FakeBatch>) " + function
        : "((BatchProcessor<Object, FakeBatch>) (" + function + ")).over(" + model + ")";
  }

  private static String optimizer(JsonNode optimizer) {
    return switch (optimizer.asText()) {
      case "", "null" -> "";
      case "$optimizer" -> ".optimizer(new FakeOptimizer(0.1))";
      case "$optimizers" ->
          ".optimizer(\"a\", new FakeOptimizer(0.1)).optimizer(\"b\", new FakeOptimizer(0.1))";
      case "$optimizers_one_bad" ->
          ".optimizer(\"a\", new FakeOptimizer(0.1)).optimizer(\"b\", \"text\")";
      default -> ".optimizer(" + optimizer + ")";
    };
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("built")
  @DisplayName("C02 C07 R20 a runner is built from a map as MMCV builds it")
  void builds(Case c) {
    boolean accepted = c.at("raises").isNull();
    if (accepted && isLimitless(c)) {
      c.deviation("Q-R37", () -> assertThatThrownBy(() -> build(c)));
    } else if (accepted) {
      c.equal(
          () -> {
            String built = c.at("built").asText();
            assertThat(build(c).getClass().getSimpleName())
                .isEqualTo(built.equals("Runner") ? "EpochBasedRunner" : built);
          });
    } else {
      c.equal(
          () ->
              assertThatThrownBy(() -> build(c))
                  .isInstanceOfAny(ConfigException.class, NullPointerException.class));
    }
  }

  /** Without the limit of its type, or with one below 1, or with the other's. */
  private static boolean isLimitless(Case c) {
    JsonNode config = c.at("config");
    boolean byIter = config.path("type").asText().startsWith("Iter");
    JsonNode limit = config.path(byIter ? "max_iters" : "max_epochs");
    return !limit.isInt()
        || limit.asInt() < 1
        || config.hasNonNull(byIter ? "max_epochs" : "max_iters");
  }

  private static Runner<?> build(Case c) {
    Map<String, Object> config = JSON.convertValue(c.at("config"), new TypeReference<>() {});
    boolean hasModel = c.at("default_arguments").path("model").asText().equals("$model");
    Map<String, FakeStep> given = hasModel ? Map.of("model", new FakeStep()) : Map.of();
    List<FakeStep> models = List.copyOf(given.values());
    return Components.shipped()
        .buildRunner(models.isEmpty() ? nothing() : models.get(0), config)
        .build();
  }

  /** What Java code without null checks can hand over. */
  @SuppressWarnings("NullAway")
  private static FakeStep nothing() {
    return null;
  }
}
