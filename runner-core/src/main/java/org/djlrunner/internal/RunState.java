package org.djlrunner.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Ticker;
import org.djlrunner.Workflow;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Hooks;
import org.djlrunner.log.LogStream;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.djlrunner.spi.StepOutput;
import org.jspecify.annotations.Nullable;

/** The mutable heart of a run: loops write it, hooks read it through {@link HookContext}. */
public final class RunState implements HookContext {
  private final RunSettings settings;
  private final Hooks hooks;
  private final Workflow workflow;
  private final LogStream logs = new LogStream();
  private final Map<String, Object> meta;
  private final LogBuffer trainBuffer = new LogBuffer();
  // A result is the mean of a whole data set, however many batches it has.
  private final LogBuffer valBuffer = new LogBuffer(Integer.MAX_VALUE);
  private final Map<String, Double> metrics = new LinkedHashMap<>();

  int epoch;
  int iter;
  int innerIter;
  boolean passComplete;
  boolean stepSkipped;
  OptionalInt passLength = OptionalInt.empty();
  OptionalInt maxEpochs = OptionalInt.empty();
  OptionalInt maxIters = OptionalInt.empty();
  @Nullable Mode mode;
  @Nullable Object batch;
  @Nullable StepOutput output;
  long iterationStart;
  long dataNanos;
  private final AtomicReference<@Nullable String> stopRequest;
  private @Nullable Throwable failure;

  /**
   * A run that has not begun.
   *
   * @param stopRequest holds the reason of a stop request, which may come before the run
   */
  public RunState(
      RunSettings settings,
      Hooks hooks,
      Workflow workflow,
      OptionalInt maxEpochs,
      OptionalInt maxIters,
      AtomicReference<@Nullable String> stopRequest) {
    this.stopRequest = stopRequest;
    this.settings = settings;
    this.meta = new LinkedHashMap<>(settings.meta());
    this.hooks = hooks;
    this.workflow = workflow;
    this.maxEpochs = maxEpochs;
    this.maxIters = maxIters;
  }

  @Override
  public Progress progress() {
    return new Progress(epoch, iter, innerIter, passLength, maxEpochs, maxIters, passComplete);
  }

  @Override
  public Optional<Mode> mode() {
    return Optional.ofNullable(mode);
  }

  @Override
  public Workflow workflow() {
    return workflow;
  }

  @Override
  public Hooks hooks() {
    return hooks;
  }

  @Override
  public Map<String, Optimizer> optimizers() {
    return settings.optimizers();
  }

  @Override
  public Object batch() {
    return inIteration(batch, "batch");
  }

  @Override
  public StepOutput output() {
    return inIteration(output, "step output");
  }

  @Override
  public LogBuffer logBuffer() {
    return Mode.VAL.equals(mode) ? valBuffer : trainBuffer;
  }

  @Override
  public LogStream logs() {
    return logs;
  }

  @Override
  public Map<String, Double> metrics() {
    return metrics;
  }

  @Override
  public Optional<Path> workDir() {
    return settings.workDir();
  }

  @Override
  public String timestamp() {
    return settings.timestamp();
  }

  @Override
  public Optional<CheckpointCodec> checkpointCodec() {
    return settings.checkpointCodec();
  }

  @Override
  public Optional<Snapshots> snapshots() {
    return settings.snapshots();
  }

  @Override
  public Map<String, Object> meta() {
    return meta;
  }

  @Override
  public boolean stepSkipped() {
    return stepSkipped;
  }

  @Override
  public void markStepSkipped() {
    stepSkipped = true;
  }

  @Override
  public Ticker ticker() {
    return settings.ticker();
  }

  @Override
  public long iterationStart() {
    return iterationStart;
  }

  @Override
  public long dataNanos() {
    return dataNanos;
  }

  @Override
  public void requestStop(String reason) {
    stopRequest.compareAndSet(null, reason);
  }

  @Override
  public boolean stopRequested() {
    return stopRequest.get() != null;
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Notes what ends the run, for {@code after_run}. */
  public void fail(Throwable cause) {
    failure = cause;
  }

  /** Frees what the buffers hold on the device. */
  public void closeBuffers() {
    trainBuffer.close();
    valBuffer.close();
  }

  private static <T> T inIteration(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException(
          "there is no " + what + " here; it exists in the stages around a step only");
    }
    return value;
  }
}
