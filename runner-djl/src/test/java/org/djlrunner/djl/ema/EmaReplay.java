package org.djlrunner.djl.ema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.EmaHook;
import org.djlrunner.hook.EmaMomentum;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.FakeWeights;
import org.djlrunner.testkit.WrittenMeta;

/** A run with an average, as a recorded case describes it, and all that was seen of it. */
final class EmaReplay {
  /** What the model held at an event, and what lay beside it. */
  record Seen(
      String event,
      int epoch,
      int iter,
      Map<String, double[]> model,
      Map<String, double[]> beside,
      Map<String, double[]> buffers) {}

  /** What a file was given: its name without ending, finished iterations, both sets. */
  record Saved(String stem, int iter, Map<String, double[]> model, Map<String, double[]> beside) {}

  /**
   * A run to make.
   *
   * @param byEpoch whether the runner counts epochs
   * @param limit in the runner's unit, {@code startEpoch} included
   * @param steps values for each batch of the training data
   * @param increments whether they are added, else assigned
   * @param priority of the hook, empty for its own
   * @param checkpoint when to save, if at all
   */
  record Plan(
      boolean byEpoch,
      int limit,
      Workflow workflow,
      List<Integer> lengths,
      int startEpoch,
      int startIter,
      List<Map<String, double[]>> steps,
      boolean increments,
      EmaMomentum momentum,
      int interval,
      Optional<Priority> priority,
      Optional<CheckpointHook> checkpoint) {}

  private final Plan plan;
  private final FakeWeights weights;
  private final Map<String, double[]> buffers;
  private final List<Seen> seen = new ArrayList<>();
  private final List<Saved> saved = new ArrayList<>();

  EmaReplay(Plan plan, FakeWeights weights, Map<String, double[]> buffers) {
    this.plan = plan;
    this.weights = weights;
    this.buffers = new LinkedHashMap<>(buffers);
  }

  List<Seen> seen() {
    return seen;
  }

  List<Saved> saved() {
    return saved;
  }

  Seen end() {
    return seen("final", 0, 0);
  }

  EmaReplay run(Path folder) {
    FakeStep step = new FakeStep().logging(this::step);
    Runner<FakeBatch> runner =
        plan.byEpoch
            ? built(EpochBasedRunner.builder(step, plan.limit - plan.startEpoch), folder)
            : built(IterBasedRunner.builder(step, plan.limit - plan.startIter), folder);
    plan.checkpoint.ifPresent(runner::registerHook);
    EmaHook hook = new EmaHook(weights, plan.momentum, plan.interval);
    runner.registerHook(new Started(hook), plan.priority.orElseGet(hook::priority));
    runner.registerHook(new Watch(), Priority.LOWEST);
    runner.run(plan.lengths.stream().map(FakeLoader::of).toList(), plan.workflow);
    return this;
  }

  static Map<String, double[]> tensors(JsonNode json) {
    Map<String, double[]> tensors = new LinkedHashMap<>();
    json.properties()
        .forEach(
            field -> {
              List<Double> values = new ArrayList<>();
              flatten(field.getValue(), values);
              tensors.put(
                  field.getKey(), values.stream().mapToDouble(Double::doubleValue).toArray());
            });
    return tensors;
  }

  private static void flatten(JsonNode node, List<Double> into) {
    if (node.isArray()) {
      node.forEach(item -> flatten(item, into));
    } else {
      into.add(node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble());
    }
  }

  private <R extends Runner<FakeBatch>> R built(RunnerBuilder<FakeBatch, R> builder, Path folder) {
    return builder.workDir(folder).checkpointCodec(new Codec()).build();
  }

  private Map<String, Scalar> step(Mode mode, FakeBatch batch) {
    if (mode.equals(Mode.TRAIN)) {
      Map<String, double[]> values = plan.steps.get(batch.index());
      weights.change(values, (old, given) -> plan.increments ? old + given : given);
      values.forEach((name, value) -> buffers.computeIfPresent(name, (key, old) -> value));
    }
    return Map.of("loss", Scalar.of(1));
  }

  private Seen seen(String event, int epoch, int iter) {
    return new Seen(
        event,
        epoch + plan.startEpoch,
        iter + plan.startIter,
        weights.model(),
        weights.beside(),
        Map.copyOf(buffers));
  }

  /** The hook in a run whose counters began elsewhere. */
  private final class Started implements Hook {
    private final EmaHook hook;

    Started(EmaHook hook) {
      this.hook = hook;
    }

    @Override
    public void beforeRun(HookContext context) {
      hook.beforeRun(started(context));
    }

    @Override
    public void afterTrainIter(HookContext context) {
      hook.afterTrainIter(started(context));
    }

    private HookContext started(HookContext context) {
      return (HookContext)
          Proxy.newProxyInstance(
              HookContext.class.getClassLoader(),
              new Class<?>[] {HookContext.class},
              (proxy, method, arguments) -> {
                try {
                  Object result = method.invoke(context, arguments);
                  return result instanceof Progress progress ? started(progress) : result;
                } catch (InvocationTargetException e) {
                  throw e.getCause() == null ? e : e.getCause();
                }
              });
    }

    private Progress started(Progress p) {
      return new Progress(
          p.epoch() + plan.startEpoch,
          p.iter() + plan.startIter,
          p.innerIter(),
          p.passLength(),
          p.maxEpochs(),
          p.maxIters(),
          p.passComplete());
    }
  }

  /** Looks at the weights behind all other hooks, at every stage. */
  private final class Watch implements Hook {
    @Override
    public void beforeRun(HookContext context) {
      see("before_run", context);
    }

    @Override
    public void beforeTrainEpoch(HookContext context) {
      see("before_train_epoch", context);
    }

    @Override
    public void beforeTrainIter(HookContext context) {
      see("before_train_iter", context);
    }

    @Override
    public void afterTrainIter(HookContext context) {
      see("after_train_iter", context);
    }

    @Override
    public void afterTrainEpoch(HookContext context) {
      see("after_train_epoch", context);
    }

    @Override
    public void beforeValEpoch(HookContext context) {
      see("before_val_epoch", context);
    }

    @Override
    public void beforeValIter(HookContext context) {
      see("before_val_iter", context);
    }

    @Override
    public void afterValIter(HookContext context) {
      see("after_val_iter", context);
    }

    @Override
    public void afterValEpoch(HookContext context) {
      see("after_val_epoch", context);
    }

    @Override
    public void afterRun(HookContext context) {
      see("after_run", context);
    }

    private void see(String event, HookContext context) {
      seen.add(seen(event, context.progress().epoch(), context.progress().iter()));
    }
  }

  /** Keeps what a file would hold. */
  private final class Codec implements WrittenMeta {
    private Map<String, double[]> model = Map.of();
    private Map<String, double[]> beside = Map.of();

    @Override
    public Capture capture(Map<String, Optimizer> optimizers) {
      model = weights.model();
      beside = weights.beside();
      return WrittenMeta.super.capture(optimizers);
    }

    @Override
    public String extension() {
      return "pth";
    }

    @Override
    public void write(Path file, Map<String, ?> meta) throws IOException {
      Files.createFile(file);
      // Written under a temporary name: .epoch_1.pth.NUMBER.checkpoint-tmp
      String stem = file.getFileName().toString().replaceAll("^\\.|\\.pth.*$", "");
      int iter = ((Number) Objects.requireNonNull(meta.get("iter"))).intValue();
      saved.add(new Saved(stem, iter + plan.startIter, model, beside));
    }
  }
}
