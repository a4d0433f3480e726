package org.djlrunner.djl.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.Adam;
import org.djlrunner.djl.optim.AdamOptions;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.ProbeBlock;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.CheckpointSettings;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;

/** The two runs of a recorded case of resuming, on DJL: one that saves, one that goes on. */
final class ResumeReplay {
  /** An iteration: where it was, its rates by optimizer, the parameters behind it. */
  record Row(
      int epoch, int iter, int innerIter, Map<String, List<Double>> lr, List<Float> params) {}

  /** What a run began with. */
  record Begin(
      int epoch,
      int iter,
      int innerIter,
      List<Float> params,
      Map<String, List<Map<String, Double>>> options,
      Map<String, Map<String, List<Float>>> states,
      Map<String, Object> meta) {}

  /** What was seen of a run. */
  record Run(Begin begin, List<Row> rows, List<String> notes) {}

  private final Case recorded;
  private final Path root;

  ResumeReplay(Case recorded, Path root) {
    this.recorded = recorded;
    this.root = root;
  }

  boolean byEpoch() {
    return recorded.at("runner").asText().equals("EpochBasedRunner");
  }

  int batches() {
    return recorded.at("coefficients").size();
  }

  /** The run that saves. */
  Run first() {
    return run(
        "a",
        recorded.at("optimizer").asText(),
        recorded.at("optimizer_options"),
        recorded.at("runner_meta"),
        limit("first_run_max_"),
        Optional.empty());
  }

  /** The run that goes on, with whose options of optimizers. */
  Run resumed(ResumeFrom.Hyperparameters hyperparameters) {
    Path file =
        root.resolve("a")
            .resolve(
                recorded.at("checkpoint").path("file").asText().replace(".pth", ".safetensors"));
    boolean optimizers = recorded.at("resume_arguments").path("resume_optimizer").asBoolean(true);
    return run(
        "b",
        recorded.at("new_optimizer").asText(),
        recorded.at("new_optimizer_options"),
        recorded.at("new_runner_meta"),
        limit("resumed_run_max_"),
        Optional.of(new ResumeFrom(file, optimizers, hyperparameters)));
  }

  private int limit(String name) {
    return recorded.at(name + (byEpoch() ? "epochs" : "iters")).asInt();
  }

  private Run run(
      String name,
      String kind,
      JsonNode options,
      JsonNode meta,
      int limit,
      Optional<ResumeFrom> resume) {
    List<RecordedTensor> initial = new ArrayList<>();
    initial.add(new RecordedTensor(new Shape(2), List.of(1f, -1f)));
    if (kind.equals("dict")) {
      initial.add(new RecordedTensor(new Shape(1), List.of(2f)));
    }
    ProbeBlock block = new ProbeBlock(initial);
    try (DjlModelStep<ArrayBatch> model =
        new DjlModelStep<>(block, ProbeBlock.loss(), Device.cpu(), 0, new Shape(1))) {
      Map<String, ArenaOptimizer> optimizers = optimizers(kind, options, model);
      RunnerBuilder<ArrayBatch, ? extends Runner<ArrayBatch>> builder =
          byEpoch()
              ? EpochBasedRunner.builder(model, limit)
              : IterBasedRunner.builder(model, limit);
      builder.checkpointCodec(new DjlCheckpointCodec(model)).workDir(root.resolve(name));
      optimizers.forEach(builder::optimizer);
      meta.properties().forEach(entry -> builder.meta(entry.getKey(), plain(entry.getValue())));
      resume.ifPresent(builder::resume);
      Runner<ArrayBatch> runner = builder.build();
      Watch watch = new Watch(block, optimizers, model.manager());
      hooks(!optimizers.isEmpty()).forEach(runner::registerHook);
      runner.registerHook(watch, Priority.LOWEST);
      runner.run(List.of(loader(initial.size(), model)), Workflow.training());
      optimizers.values().forEach(ArenaOptimizer::close);
      return new Run(
          Objects.requireNonNull(watch.begin), List.copyOf(watch.rows), watch.sink.notes());
    }
  }

  private static Object plain(JsonNode node) {
    return node.isNumber() ? node.asInt() : node.isObject() ? Map.of() : node.asText();
  }

  private static Map<String, ArenaOptimizer> optimizers(
      String kind, JsonNode options, DjlModelStep<?> model) {
    Map<String, ArenaOptimizer> optimizers = new LinkedHashMap<>();
    switch (kind) {
      case "SGD" -> optimizers.put("default", sgd(options, GroupSpec.all(), model));
      case "Adam" ->
          optimizers.put("default", adam(options.path("lr").asDouble(), GroupSpec.all(), model));
      case "dict" -> {
        optimizers.put(
            "a", sgd(options, List.of(GroupSpec.of("w", List.of("p0"), Map.of())), model));
        optimizers.put("b", adam(0.01, List.of(GroupSpec.of("v", List.of("p1"), Map.of())), model));
      }
      default -> {
        // None.
      }
    }
    return optimizers;
  }

  private static Sgd sgd(JsonNode options, List<GroupSpec> groups, DjlModelStep<?> model) {
    SgdOptions sgd =
        SgdOptions.lr(options.path("lr").asDouble())
            .withMomentum(options.path("momentum").asDouble())
            .withWeightDecay(options.path("weight_decay").asDouble());
    return new Sgd(model.arena(), sgd, groups, model.scalars());
  }

  private static Adam adam(double lr, List<GroupSpec> groups, DjlModelStep<?> model) {
    return new Adam(model.arena(), AdamOptions.adam(lr), groups, model.scalars());
  }

  private List<Hook> hooks(boolean learns) {
    Every.Unit unit = byEpoch() ? Every.Unit.EPOCH : Every.Unit.ITER;
    List<Hook> hooks = new ArrayList<>();
    ConfigErrors errors = new ConfigErrors();
    if (learns && recorded.has("lr_config")) {
      Config lr = Config.parse(recorded.at("lr_config").toString(), "lr.json");
      hooks.add(
          new LrUpdaterHook((LrSchedule) LrConfig.read(lr.reader(errors), unit).orElseThrow()));
    }
    if (learns && recorded.has("momentum_config")) {
      Config momentum = Config.parse(recorded.at("momentum_config").toString(), "m.json");
      hooks.add(
          new MomentumUpdaterHook(
              MomentumConfig.read(momentum.reader(errors), unit).orElseThrow()));
    }
    errors.throwIfAny();
    if (learns) {
      hooks.add(new OptimizerHook());
    }
    JsonNode checkpoint = recorded.at("checkpoint_hook");
    hooks.add(
        new CheckpointHook(
            CheckpointSettings.at(new Every(checkpoint.path("interval").asInt(), unit))
                .saveOptimizer(checkpoint.path("save_optimizer").asBoolean())));
    return hooks;
  }

  private ListLoader<ArrayBatch> loader(int parameters, DjlModelStep<?> model) {
    List<Supplier<ArrayBatch>> batches = new ArrayList<>();
    for (JsonNode gradient : recorded.at("coefficients")) {
      var all = Safetensors.JSON.createArrayNode().add(gradient);
      if (parameters > 1) {
        all.add(Safetensors.JSON.createArrayNode().add(gradient.path(0)));
      }
      batches.add(() -> ProbeBlock.batch(model.manager(), 1, all));
    }
    return new ListLoader<>(batches);
  }

  /** Looks behind all other hooks. */
  private static final class Watch implements Hook {
    private final List<Row> rows = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink();
    private final ProbeBlock block;
    private final Map<String, ArenaOptimizer> optimizers;
    private final NDManager manager;
    private @Nullable Begin begin;

    Watch(ProbeBlock block, Map<String, ArenaOptimizer> optimizers, NDManager manager) {
      this.block = block;
      this.optimizers = optimizers;
      this.manager = manager;
    }

    @Override
    public void beforeRun(HookContext context) {
      context.logs().subscribe(sink);
      Map<String, List<Map<String, Double>>> options = new LinkedHashMap<>();
      Map<String, Map<String, List<Float>>> states = new LinkedHashMap<>();
      optimizers.forEach(
          (name, optimizer) -> {
            options.put(
                name, optimizer.paramGroups().stream().map(group -> group.options()).toList());
            states.put(name, state(optimizer));
          });
      begin =
          new Begin(
              context.progress().epoch(),
              context.progress().iter(),
              context.progress().innerIter(),
              block.values(),
              options,
              states,
              new LinkedHashMap<>(context.meta()));
    }

    private Map<String, List<Float>> state(ArenaOptimizer optimizer) {
      Map<String, List<Float>> values = new LinkedHashMap<>();
      try (NDManager scratch = manager.newSubManager()) {
        optimizer
            .state(scratch)
            .parameters()
            .values()
            .forEach(
                states ->
                    states.forEach(
                        (name, array) -> {
                          List<Float> numbers = new ArrayList<>();
                          for (float value : array.toType(DataType.FLOAT32, true).toFloatArray()) {
                            numbers.add(value);
                          }
                          values.put(name, numbers);
                        }));
      }
      return values;
    }

    @Override
    public void afterTrainIter(HookContext context) {
      rows.add(
          new Row(
              context.progress().epoch(),
              context.progress().iter(),
              context.progress().innerIter(),
              context.optimizers().isEmpty() ? Map.of() : context.learningRates(),
              block.values()));
    }
  }
}
