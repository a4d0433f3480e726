package org.djlrunner.djl.experiment;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.djlrunner.RunResult;
import org.djlrunner.Runner;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.BatchPreview;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.doctor.NativeSetup;
import org.djlrunner.hook.Hook;
import org.jspecify.annotations.Nullable;

/**
 * A training run described by a config: read first, all of it, then run.
 *
 * <pre>{@code
 * Config config = Config.load(Path.of("quickstart.yaml"));
 * RunResult result = Experiment.read(config).run(Path.of("work_dirs/quickstart"), "quickstart.yaml");
 * }</pre>
 */
public final class Experiment {
  private final Config config;
  private final ExperimentSpec spec;
  private final List<Hook> hooks = new ArrayList<>();
  private final AtomicReference<@Nullable Runner<ImageBatch>> running = new AtomicReference<>();
  private final AtomicReference<@Nullable String> stopReason = new AtomicReference<>();

  private Experiment(Config config, ExperimentSpec spec) {
    this.config = config;
    this.spec = spec;
  }

  /** Reads a config that names components that are shipped or provided on the class path. */
  public static Experiment read(Config config) {
    return read(config, Components.discovered());
  }

  /**
   * Reads a config.
   *
   * @param components what it can name
   * @throws ConfigException with every problem found; no data was touched
   */
  public static Experiment read(Config config, Components components) {
    ConfigErrors errors = new ConfigErrors();
    var spec = ExperimentSpec.read(config.reader(errors), components, errors);
    errors.throwIfAny();
    return new Experiment(config, spec.orElseThrow());
  }

  /** Adds a hook of the application's own to the next run, behind those of the config. */
  public Experiment with(Hook hook) {
    hooks.add(hook);
    return this;
  }

  /**
   * Opens the data, builds model and runner, and trains to the end.
   *
   * @param workDir for logs, checkpoints and the config as it takes effect
   * @param configName the file name of the config there
   * @throws ConfigException if the data, the device or the folder doesn't fit the config
   * @throws org.djlrunner.djl.data.DataException if data is missing or broken
   */
  public RunResult run(Path workDir, String configName) {
    WorkDir.prepare(workDir, config, configName);
    try (Training training = Training.prepare(spec)) {
      Runner<ImageBatch> runner = training.runner(workDir, configName, config.toMap());
      hooks.forEach(runner::registerHook);
      running.set(runner);
      String asked = stopReason.get();
      if (asked != null) {
        runner.requestStop(asked);
      }
      return training.run(runner);
    } finally {
      running.set(null);
    }
  }

  /**
   * Asks the run to end after its current iteration, or not to begin training; from any thread. Its
   * last checkpoint is still written.
   */
  public void requestStop(String reason) {
    stopReason.compareAndSet(null, reason);
    Runner<ImageBatch> runner = running.get();
    if (runner != null) {
      runner.requestStop(reason);
    }
  }

  /**
   * What the run would be: limits, workflow, parameter groups and hooks. Nothing is trained or
   * written, and no data is loaded, unless a data set can't tell its size without.
   *
   * @throws ConfigException if the parts don't fit each other
   */
  public RunPlan plan() {
    try (Training training = Training.outline(spec)) {
      return training.plan();
    }
  }

  /**
   * Evaluates a checkpoint on a data set, with the metrics that the config's {@code evaluation}
   * asks for on it, and writes nothing.
   *
   * @param checkpoint a file, or a run's folder for its latest
   * @param data a data set's name below {@code data}; empty for {@code test}, else {@code val}
   * @throws ConfigException if the config has no such data set, or its parts don't fit each other
   * @throws IOException if the checkpoint can't be read, or doesn't fit the model
   */
  public TestedCheckpoint test(Path checkpoint, Optional<String> data) throws IOException {
    return new CheckpointEvaluation(spec, data).run(checkpoint);
  }

  /**
   * The first training batch as the pipeline makes it, to look at; no engine is started.
   *
   * @throws org.djlrunner.djl.data.DataException if data is missing or broken
   * @throws ConfigException if the images come out of different sizes
   */
  public BatchPreview previewBatch() {
    DataSection.Part train = spec.data().train();
    PreparedImages images = train.prepared(train.dataset().open());
    return BatchPreview.first(images, train.loader());
  }

  /**
   * Walks the run without data and weights, and tells what the schedules give at every training
   * iteration, in order: the numbers of training.
   *
   * <p>Only groups that follow from {@code paramwise_cfg} need the network, and thereby the engine
   * and the size of the images, for which the data set is opened.
   *
   * @param itersPerEpoch training iterations of an epoch; empty to take the data set's size, where
   *     that is known without opening it (a file's header may be read)
   * @throws org.djlrunner.djl.data.DataException if that header is broken
   * @throws ConfigException if the length of an epoch is not known, if a schedule doesn't fit the
   *     run, or if it follows values that only a run has
   */
  public void previewSchedule(OptionalInt itersPerEpoch, Consumer<ScheduleRow> rows) {
    if (spec.schedules().plateau().isPresent()) {
      throw refused("lr_config", "ReduceLROnPlateau follows values that only a run has");
    }
    DataSection.Part train = spec.data().train();
    int epochLength = itersPerEpoch.orElseGet(() -> epochLength(train));
    if (epochLength < 1) {
      throw refused(train.path(), "an epoch has at least 1 iteration, got " + epochLength);
    }
    try {
      SchedulePreview.walk(spec, spec.optimizers().outline(this::network), epochLength, rows);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ConfigException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static int epochLength(DataSection.Part train) {
    return train
        .dataset()
        .outline()
        .map(outline -> train.loader().batchesOver(outline.size()))
        .orElseThrow(
            () ->
                refused(
                    train.path(),
                    "the number of its samples is not known before it is opened; give the"
                        + " iterations of an epoch (--iters-per-epoch N)"));
  }

  private Block network() {
    DataSection.Part train = spec.data().train();
    ImageShape images = train.prepared(Training.outlined(train.dataset())).shape();
    Block block = spec.model().create(images);
    NativeSetup.prepare();
    // The manager may be closed at once: shapes and kinds stay, and nothing else is asked for.
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      block.initialize(
          manager,
          DataType.FLOAT32,
          new Shape(1, images.channels(), images.height(), images.width()));
    }
    return block;
  }

  static ConfigException refused(String path, String message) {
    return new ConfigException(List.of(path + ": " + message));
  }
}
