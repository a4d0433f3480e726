package org.djlrunner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.djlrunner.internal.RunSettings;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.jspecify.annotations.Nullable;

/**
 * Builds a runner; start with {@link EpochBasedRunner#builder} or {@link IterBasedRunner#builder}.
 *
 * @param <B> the batch
 * @param <R> the runner
 */
public final class RunnerBuilder<B, R extends Runner<B>> {
  /** The name of the optimizer of a run that has one. */
  public static final String DEFAULT_OPTIMIZER = "default";

  private final Function<RunSettings, R> constructor;
  private final Map<String, Optimizer> optimizers = new LinkedHashMap<>();
  private final Map<String, Object> meta = new LinkedHashMap<>();
  private @Nullable Path workDir;
  private @Nullable CheckpointCodec checkpointCodec;
  private @Nullable Snapshots snapshots;
  private @Nullable String timestamp;
  private Clock clock = Clock.system(ZoneId.systemDefault());
  private Ticker ticker = Ticker.system();

  RunnerBuilder(Function<RunSettings, R> constructor) {
    this.constructor = constructor;
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
        new RunSettings(
            optimizers,
            Optional.ofNullable(workDir),
            name,
            Optional.ofNullable(checkpointCodec),
            Optional.ofNullable(snapshots),
            meta,
            ticker));
  }
}
