package org.djlrunner.djl.experiment;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.RunResult;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.Computation;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.precision.Tf32Policy;
import org.djlrunner.djl.vision.AnyImageSize;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.CheckpointSettings;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.ReduceLrOnPlateauHook;
import org.djlrunner.hook.SaveBest;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.spi.DataLoader;
import org.jspecify.annotations.Nullable;

/** An experiment's model, data and optimizers once they exist; owns and closes them. */
final class Training implements AutoCloseable {
  private final ExperimentSpec spec;
  private final DeviceChoice device;
  private final DjlModelStep<ImageBatch> model;
  private final ImageLoader train;
  private final EvaluatedData evaluated;
  private final TrainingOptimizers optimizers;
  private final List<String> announcement = new ArrayList<>();

  /** Known once the model was compiled, which a plan does without. */
  private @Nullable SpeedSwitches speed;

  private Training(
      ExperimentSpec spec,
      DeviceChoice device,
      DjlModelStep<ImageBatch> model,
      ImageLoader train,
      EvaluatedData evaluated) {
    this.spec = spec;
    this.device = device;
    this.model = model;
    this.train = train;
    this.evaluated = evaluated;
    this.optimizers = TrainingOptimizers.create(spec.optimizers(), model);
  }

  /** Opens data and builds the model; nothing stays open if that fails. */
  static Training prepare(ExperimentSpec spec) {
    DeviceChoice device = atPath("device", () -> DeviceChoice.of(spec.device()));
    Tf32Policy tf32 = atPath(SpeedSection.ALLOW_TF32, () -> spec.speed().tf32(device.device()));
    Training training = prepare(spec, device, DatasetSpec::open);
    try {
      Shape input = batchOfOne(training.train.shape());
      Computation computation =
          atPath("precision", () -> training.model.computation(pixels(input)));
      DataSection.Part valPart = spec.data().val();
      training.speed =
          SpeedSwitches.of(
              spec.speed().cudnnBenchmark(),
              tf32,
              device.device().isGpu(),
              computation,
              training.train.samplesPerPass(),
              spec.data().train().loader(),
              valPart == null ? null : valPart.loader());
      training.announce(training.model.block(), computation);
      return training;
    } catch (RuntimeException e) {
      training.close();
      throw e;
    }
  }

  /** Builds all that a run consists of on the CPU, without data where its outline is known. */
  static Training outline(ExperimentSpec spec) {
    return prepare(spec, atPath("device", () -> DeviceChoice.of("cpu")), Training::outlined);
  }

  /** A data set without its data where its outline is known, else opened. */
  static LabelledImages outlined(DatasetSpec dataset) {
    return dataset.outline().map(DatasetOutline::withoutData).orElseGet(dataset::open);
  }

  private static Training prepare(
      ExperimentSpec spec, DeviceChoice device, Function<DatasetSpec, LabelledImages> opening) {
    DataSection.Part trainPart = spec.data().train();
    PreparedImages trainData = trainPart.prepared(opening.apply(trainPart.dataset()));
    Map<String, PreparedImages> evaluatedData = EvaluatedData.open(spec, opening);
    ImageShape images = trainData.shape();
    Shape input = batchOfOne(images);
    Block block = atPath("model", () -> spec.model().create(images));
    Shape logits = atPath("model", () -> block.getOutputShapes(new Shape[] {input})[0]);
    DataFit.check(spec.data(), trainData, evaluatedData, logits, block instanceof AnyImageSize);
    DjlModelStep<ImageBatch> model =
        atPath(
            "model",
            () ->
                new DjlModelStep<>(
                    block,
                    spec.loss().create(),
                    device.device(),
                    spec.seed(),
                    input,
                    spec.step().on(device.device())));
    try {
      EvaluatedData.checkMetrics(spec, logits);
      EvaluatedData.metricsOf(spec, DataSection.VAL).ifPresent(model::evaluate);
      ImageLoader train = loader(trainPart, trainData, model);
      EvaluatedData evaluated = EvaluatedData.load(spec, evaluatedData, trainData.classes(), model);
      Training training = new Training(spec, device, model, train, evaluated);
      training.checkSchedules();
      return training;
    } catch (RuntimeException e) {
      // Loaders start their threads with their first pass, so their arrays are all there is to
      // free.
      model.close();
      throw e;
    }
  }

  /** The run, ready to begin. */
  Runner<ImageBatch> runner(Path workDir, String configName, Map<String, Object> config) {
    announcement.add(
        spec.schedules().describe(optimizers.byName().keySet())
            + spec.evaluations().stream()
                .map(e -> ", evaluation " + (e.name() + " " + e.schedule()).strip())
                .collect(Collectors.joining())
            + (spec.checkpoint() == null ? "" : ", checkpoint " + spec.checkpoint().interval()));
    announcement.add("Files go to " + workDir);
    RunnerBuilder<ImageBatch, ? extends Runner<ImageBatch>> builder =
        DjlRunners.of(spec.runner(), model, optimizers.byName())
            .workDir(workDir)
            .meta("exp_name", configName);
    Path checkpoints =
        spec.checkpoint() == null ? workDir : spec.checkpoint().settings().folder(workDir);
    Optional<ResumeFrom> resume =
        spec.resume()
            .source(
                checkpoints,
                new DjlCheckpointCodec(model),
                warning -> announcement.add("WARNING: " + warning));
    resume.ifPresent(builder::resume);
    if (resume.isEmpty()) {
      spec.resume().loadFrom().ifPresent(this::loadWeights);
    }
    Runner<ImageBatch> runner = configured(builder, config);
    runner.registerHook(new AnnounceHook(announcement));
    return runner;
  }

  private void loadWeights(Path file) {
    try {
      List<String> notes = new DjlCheckpointCodec(model).loadWeights(file, spec.resume().loading());
      announcement.add("Weights are from " + file);
      notes.forEach(note -> announcement.add("WARNING: not loaded: " + note));
    } catch (IOException e) {
      throw new CheckpointException(
          "load_from: "
              + e.getMessage()
              + (spec.resume().loading().strict()
                  ? "\nload_config: {strict: false} takes what fits"
                  : ""),
          e);
    }
  }

  RunResult run(Runner<ImageBatch> runner) {
    try (CudnnBenchmark search = new CudnnBenchmark(speed().cudnnBenchmark())) {
      return runner.run(loaders(), spec.workflow());
    }
  }

  private SpeedSwitches speed() {
    return Objects.requireNonNull(speed, "a plan can't be run");
  }

  /** What the run would be; it writes no files. */
  RunPlan plan() {
    Runner<ImageBatch> runner =
        configured(DjlRunners.of(spec.runner(), model, optimizers.byName()), Map.of());
    return RunPlan.of(runner, spec.workflow(), loaders(), optimizers.remark());
  }

  @Override
  public void close() {
    // Closes in reverse order, each also when another fails.
    try (model;
        optimizers;
        train;
        evaluated) {
      // Nothing is left to do with them.
    }
  }

  private Runner<ImageBatch> configured(
      RunnerBuilder<ImageBatch, ? extends Runner<ImageBatch>> builder, Map<String, Object> config) {
    builder
        .meta("seed", spec.seed())
        .meta("device", device.name())
        .meta("config", config)
        .meta("environment", Environment.describe(device.device()));
    if (speed != null) {
      builder.meta("speed", speed.describe());
    }
    if (spec.evaluatedData().contains(DataSection.TEST)) {
      builder.mode(DataSection.TEST, model::valStep);
    }
    Runner<ImageBatch> runner = builder.build();
    runner.registerTrainingHooks(hooks());
    return runner;
  }

  private TrainingHooks hooks() {
    TrainingHooks hooks =
        new TrainingHooks()
            .add(learningRate())
            .add(new OptimizerHook(spec.step().update()))
            .add(new IterTimerHook());
    if (!spec.schedules().momentum().isEmpty()) {
      hooks.add(new MomentumUpdaterHook(spec.schedules().momentum()));
    }
    spec.evaluations().forEach(evaluation -> hooks.add(evaluated.hook(evaluation, model)));
    checkpoint().ifPresent(hooks::add);
    spec.loggers().forEach(hooks::add);
    TrainingParts parts = new TrainingParts(model, optimizers.byName(), train, evaluated.val());
    for (HooksSection.Custom custom : spec.customHooks()) {
      Hook hook = custom.hook().create(parts);
      hooks.custom(hook, custom.priority().orElseGet(hook::priority));
    }
    return hooks;
  }

  /** The config's, with best files if an evaluation names results; for these alone without. */
  private Optional<CheckpointHook> checkpoint() {
    CheckpointHook hook = spec.checkpoint();
    Optional<SaveBest> best = BestCheckpoints.of(spec.evaluations());
    if (best.isEmpty()) {
      return Optional.ofNullable(hook);
    }
    return Optional.of(
        new CheckpointHook(
            hook == null
                ? CheckpointSettings.onlyBest(best.get())
                : hook.settings().saveBest(best.get())));
  }

  private Hook learningRate() {
    return spec.schedules()
        .plateau()
        .<Hook>map(ReduceLrOnPlateauHook::new)
        .orElseGet(() -> new LrUpdaterHook(spec.schedules().rates()));
  }

  private List<DataLoader<ImageBatch>> loaders() {
    List<DataLoader<ImageBatch>> loaders = new ArrayList<>();
    for (Flow flow : spec.workflow().flows()) {
      loaders.add(flow.mode().equals(Mode.TRAIN) ? train : evaluated.loader(flow.mode().name()));
    }
    return loaders;
  }

  private static Shape batchOfOne(ImageShape images) {
    return new Shape(1, images.channels(), images.height(), images.width());
  }

  private static InputSpec pixels(Shape batchOfOne) {
    return new InputSpec(List.of(batchOfOne.slice(1)), List.of(DataType.FLOAT32), true);
  }

  private void announce(Block block, Computation computation) {
    announcement.add(
        String.format(
            Locale.ROOT,
            "%s, %,d parameters, %s, on %s, seed %d",
            block.getClass().getSimpleName(),
            model.arena().size(),
            computation,
            device.reason(),
            spec.seed()));
    announcement.add("Training on " + describe(spec.data().train(), train));
    evaluated.forEach(
        (name, loader) ->
            announcement.add(
                (name.equals(DataSection.VAL) ? "Validation on " : "Evaluation on ")
                    + describe(spec.data().part(name), loader)));
    optimizers.remark().ifPresent(announcement::add);
    speed().remarks().ifPresent(announcement::add);
  }

  private static String describe(DataSection.Part part, ImageLoader loader) {
    return String.format(
        Locale.ROOT,
        "%,d images %s (%s), %d batches of %d",
        loader.samples(),
        loader.shape(),
        part.path(),
        loader.length().orElseThrow(),
        part.loader().batchSize());
  }

  static ImageLoader loader(
      DataSection.Part part, PreparedImages images, DjlModelStep<ImageBatch> model) {
    return atPath(
        part.path(),
        () -> {
          LoaderOptions options = part.loader();
          if (options.cached() && DatasetOutline.isWithoutData(images.images())) {
            // Nothing to fill a cache with; what can't be cached was refused with the pipeline.
            options = options.cached(false);
          }
          return new ImageLoader(images, options, model.manager());
        });
  }

  /** What the optimizer's groups and the length of the run make of the schedules. */
  private void checkSchedules() {
    try {
      SchedulePreview.check(spec, optimizers.byName(), train.length().orElseThrow());
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ConfigException(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** Turns what a component says of its arguments into an error of the config's key behind it. */
  static <T> T atPath(String path, Supplier<T> action) {
    try {
      return action.get();
    } catch (IllegalArgumentException e) {
      ConfigErrors errors = new ConfigErrors();
      errors.add(path, null, String.valueOf(e.getMessage()));
      errors.throwIfAny();
      throw e;
    }
  }
}
