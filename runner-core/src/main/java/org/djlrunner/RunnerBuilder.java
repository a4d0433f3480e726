package org.djlrunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.internal.DeclaredModes;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.MemoryGauge;
import org.djlrunner.spi.ModeStep;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.jspecify.annotations.Nullable;

/**
 * Builds a runner; start with {@link EpochBasedRunner#builder} or {@link IterBasedRunner#builder},
 * or with {@link #of} for a runner of your own.
 *
 * @param <B> the batch
 * @param <R> the runner
 */
public final class RunnerBuilder<B, R extends Runner<B>> {
  /** The name of the optimizer of a run that has one. */
  public static final String DEFAULT_OPTIMIZER = "default";

  private final ModelStep<B> model;
  private final BiFunction<ModelStep<B>, RunSettings, R> constructor;
  private final Map<Mode, ModeStep<B>> modes = new LinkedHashMap<>();
  private final Map<String, Optimizer> optimizers = new LinkedHashMap<>();
  private final Map<String, Object> meta = new LinkedHashMap<>();
  private @Nullable Path workDir;
  private @Nullable CheckpointCodec checkpointCodec;
  private @Nullable Snapshots snapshots;
  private @Nullable MemoryGauge memoryGauge;
  private @Nullable String timestamp;
  private Clock clock = Clock.system(ZoneId.systemDefault());
  private Ticker ticker = Ticker.system();

  private @Nullable Duration maxDuration;
  private ResumePoint start = ResumePoint.START;
  private @Nullable ResumeFrom resume;
  private int worldSize = 1;

  private RunnerBuilder(ModelStep<B> model, BiFunction<ModelStep<B>, RunSettings, R> constructor) {
    this.model = Objects.requireNonNull(model, "a runner needs a model");
    this.constructor = constructor;
  }

  /**
   * Starts building a runner of any class.
   *
   * @param model the model's steps
   * @param constructor makes the runner, from the model with the modes that were declared and from
   *     the settings; usually {@code MyRunner::new}
   */
  public static <B, R extends Runner<B>> RunnerBuilder<B, R> of(
      ModelStep<B> model, BiFunction<ModelStep<B>, RunSettings, R> constructor) {
    return new RunnerBuilder<>(model, constructor);
  }

  /**
   * Declares a mode of your own, such as {@code test}, that a workflow can name besides {@code
   * train} and {@code val}.
   *
   * <p>Its flows run as those of {@code val} do: in evaluation, at the val stages, moving no
   * counter of training; hooks tell it by {@code context.mode()}. Its means are results named
   * {@code test/NAME}.
   *
   * @throws IllegalArgumentException if the model has this mode already
   */
  public RunnerBuilder<B, R> mode(String name, ModeStep<B> step) {
    Mode mode = new Mode(name);
    if (model.modes().contains(mode) || modes.putIfAbsent(mode, step) != null) {
      throw new IllegalArgumentException("there is a mode '" + name + "' already");
    }
    return this;
  }

  /**
   * Limits the time that the run may take; it ends at the first iteration boundary behind it.
   *
   * @param maxDuration above zero; default: no limit
   */
  public RunnerBuilder<B, R> maxDuration(Duration maxDuration) {
    if (maxDuration.isNegative() || maxDuration.isZero()) {
      throw new IllegalArgumentException("max_duration must be above zero, got " + maxDuration);
    }
    this.maxDuration = maxDuration;
    return this;
  }

  /**
   * Sets the counters to begin with, for a run that goes on; default: 0 and 0.
   *
   * <p>The run begins with pass {@code epoch} of its training data and with the workflow's first
   * flow.
   *
   * @param epoch finished epochs, 0 or more
   * @param iter finished training iterations, 0 or more
   */
  public RunnerBuilder<B, R> startAt(int epoch, int iter) {
    if (epoch < 0 || iter < 0) {
      throw new IllegalArgumentException(
          "a run starts at counters of 0 or more, got epoch " + epoch + ", iter " + iter);
    }
    this.start =
        new ResumePoint(
            epoch, iter, 0, Optional.empty(), "", Map.of(), Map.of(), Map.of(), Map.of());
    return this;
  }

  /**
   * Goes on from a checkpoint as if the run that saved it had not been interrupted; the optimizers'
   * options, such as learning rates, are those of the run built here.
   */
  public RunnerBuilder<B, R> resume(Path checkpoint) {
    return resume(ResumeFrom.file(checkpoint));
  }

  /**
   * Goes on from a checkpoint.
   *
   * <p>It is read by {@link Runner#run}, before any hook is called, which throws a {@link
   * org.djlrunner.checkpoint.CheckpointException} if the file is broken or doesn't fit; the model
   * is unchanged then. Hooks that are {@link org.djlrunner.spi.Stateful} get their states back, and
   * what hooks had left in the run's meta data is there again.
   */
  public RunnerBuilder<B, R> resume(ResumeFrom from) {
    this.resume = from;
    return this;
  }

  /**
   * Sets how many processes train together, which checkpoints note; default: 1.
   *
   * <p>A checkpoint of more or fewer processes is gone on from with iterations scaled by their
   * ratio.
   */
  public RunnerBuilder<B, R> worldSize(int worldSize) {
    if (worldSize < 1) {
      throw new IllegalArgumentException("world_size must be at least 1, got " + worldSize);
    }
    this.worldSize = worldSize;
    return this;
  }

  /** Sets the optimizer of a run that has one. */
  public RunnerBuilder<B, R> optimizer(Optimizer optimizer) {
    return optimizer(DEFAULT_OPTIMIZER, optimizer);
  }

  /** Adds an optimizer under a name that logs and schedules use. */
  public RunnerBuilder<B, R> optimizer(String name, Optimizer optimizer) {
    optimizers.put(name, optimizer);
    return this;
  }

  /** Sets the folder for logs and checkpoints, created by {@link #build}; default: no files. */
  public RunnerBuilder<B, R> workDir(Path workDir) {
    this.workDir = workDir;
    return this;
  }

  /** Sets how the engine writes checkpoints; default: it can't. */
  public RunnerBuilder<B, R> checkpointCodec(CheckpointCodec codec) {
    this.checkpointCodec = codec;
    return this;
  }

  /** Sets how the engine copies the model's state; default: it can't. */
  public RunnerBuilder<B, R> snapshots(Snapshots snapshots) {
    this.snapshots = snapshots;
    return this;
  }

  /** Sets how the engine tells the memory in use on its device; default: it can't. */
  public RunnerBuilder<B, R> memoryGauge(MemoryGauge gauge) {
    this.memoryGauge = gauge;
    return this;
  }

  /** Adds a description of the run, such as its seed or config, kept in every checkpoint. */
  public RunnerBuilder<B, R> meta(String key, Object value) {
    meta.put(key, value);
    return this;
  }

  /** Sets the name of the run's files; default: the local time of {@link #build}. */
  public RunnerBuilder<B, R> timestamp(String timestamp) {
    this.timestamp = timestamp;
    return this;
  }

  /** Sets the clock behind the default timestamp; default: the system's. */
  public RunnerBuilder<B, R> clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /** Sets the source of elapsed time; default: the system's monotonic clock. */
  public RunnerBuilder<B, R> ticker(Ticker ticker) {
    this.ticker = ticker;
    return this;
  }

  /**
   * Builds the runner and creates its work folder.
   *
   * @throws UncheckedIOException if the folder can't be created
   * @throws IllegalArgumentException if two optimizers update one parameter
   */
  public R build() {
    OptimizerCheck.check(optimizers);
    if (workDir != null) {
      try {
        Files.createDirectories(workDir);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot create the work folder " + workDir, e);
      }
    }
    String name =
        timestamp != null
            ? timestamp
            : LocalDateTime.now(clock).format(DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss"));
    return constructor.apply(
        modes.isEmpty() ? model : new DeclaredModes<>(model, modes),
        new RunSettings(
            optimizers,
            Optional.ofNullable(workDir),
            name,
            Optional.ofNullable(checkpointCodec),
            Optional.ofNullable(snapshots),
            Optional.ofNullable(memoryGauge),
            meta,
            ticker,
            Optional.ofNullable(maxDuration),
            start,
            Optional.ofNullable(resume),
            worldSize));
  }
}
