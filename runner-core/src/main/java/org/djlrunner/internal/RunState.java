package org.djlrunner.internal;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.RunSettings;
import org.djlrunner.Ticker;
import org.djlrunner.Workflow;
import org.djlrunner.WorkflowPosition;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.hook.EvaluationWeights;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Hooks;
import org.djlrunner.log.LogStream;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.MemoryGauge;
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
  private LogBuffer buffer = trainBuffer;
  private final EvaluationWeights evaluationWeights = new EvaluationWeights();
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private final Map<String, Integer> reports = new HashMap<>();

  private final Boundary boundary = new Boundary();
  private final StopSign stop;
  private OptionalInt passLength = OptionalInt.empty();
  private boolean passComplete;
  private final OptionalInt maxEpochs;
  private final OptionalInt maxIters;
  private final OptionalInt epochLength;
  private int epoch;
  private int iter;
  private int innerIter;
  private final WorkflowTracker tracker;

  /** The state where a training epoch was cut short, before its last stages saw it. */
  private @Nullable ResumePoint cut;

  private @Nullable Progress progress;
  private boolean stepSkipped;
  private @Nullable Mode mode;
  private @Nullable Object batch;
  private @Nullable StepOutput output;
  private long iterationStart;
  private long dataNanos;
  private @Nullable Throwable failure;

  /**
   * A run that has not begun.
   *
   * @param epochLength batches of an epoch, if known
   * @param resumption where it begins, and what it brings along
   */
  public RunState(
      RunSettings settings,
      Hooks hooks,
      Workflow workflow,
      OptionalInt maxEpochs,
      OptionalInt maxIters,
      OptionalInt epochLength,
      Resumption resumption,
      StopSign stop) {
    this.settings = settings;
    this.meta = new LinkedHashMap<>(settings.meta());
    this.hooks = hooks;
    this.workflow = workflow;
    this.maxEpochs = maxEpochs;
    this.maxIters = maxIters;
    this.stop = stop;
    this.meta.putAll(resumption.kept());
    this.meta.put(ResumePoint.WORLD_SIZE, settings.worldSize());
    ResumePoint start = resumption.point();
    this.epoch = start.epoch();
    this.iter = start.iter();
    this.innerIter = start.innerIter();
    this.tracker = new WorkflowTracker(start.position().orElse(WorkflowPosition.START));
    this.epochLength = epochLength;
    this.metrics.putAll(start.metrics());
    this.reports.putAll(start.reports());
    if (!start.logWindows().isEmpty()) {
      trainBuffer.restore(start.logWindows());
    }
  }

  @Override
  public Progress progress() {
    Progress present = progress;
    if (present == null) {
      present = new Progress(epoch, iter, innerIter, passLength, maxEpochs, maxIters, passComplete);
      progress = present;
    }
    return present;
  }

  @Override
  public OptionalInt epochLength() {
    return epochLength;
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
    return buffer;
  }

  @Override
  public LogStream logs() {
    return logs;
  }

  @Override
  public EvaluationWeights evaluationWeights() {
    return evaluationWeights;
  }

  @Override
  public Map<String, Double> metrics() {
    return Collections.unmodifiableMap(metrics);
  }

  @Override
  public void report(Map<String, Double> results) {
    metrics.putAll(results);
    results.keySet().forEach(name -> reports.merge(name, 1, Integer::sum));
  }

  @Override
  public int timesReported(String metric) {
    return reports.getOrDefault(metric, 0);
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
  public Optional<MemoryGauge> memoryGauge() {
    return settings.memoryGauge();
  }

  @Override
  public Map<String, Object> meta() {
    return meta;
  }

  @Override
  public void atBoundary(Runnable action) {
    boundary.then(action);
  }

  @Override
  public Map<String, Object> checkpointMeta() {
    boundary.require();
    Map<String, Object> checkpoint = new LinkedHashMap<>(meta);
    (cut == null ? point() : cut).addTo(checkpoint);
    checkpoint.put("metrics", new LinkedHashMap<>(metrics));
    return checkpoint;
  }

  private ResumePoint point() {
    return new ResumePoint(
        epoch,
        iter,
        innerIter,
        Optional.of(tracker.position()),
        workflow.toString(),
        new LinkedHashMap<>(metrics),
        new LinkedHashMap<>(reports),
        HookStates.of(hooks),
        trainBuffer.state());
  }

  @Override
  public void markLearned() {
    boundary.markLearned();
  }

  @Override
  public boolean isWhole() {
    return boundary.isWhole();
  }

  /** Whether the state is whole. */
  Boundary boundary() {
    return boundary;
  }

  /** What an iteration or epoch leaves to do when it is complete. */
  public void reachBoundary() {
    boundary.reach();
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
    stop.request(reason);
  }

  @Override
  public boolean stopRequested() {
    return stop.isUp();
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  void enter(Mode entered, OptionalInt length) {
    mode = entered;
    buffer = entered.equals(Mode.TRAIN) ? trainBuffer : valBuffer;
    passLength = length;
    progress = null;
  }

  WorkflowTracker tracker() {
    return tracker;
  }

  /** A training epoch is cut short here: a run that resumes goes on with it. */
  void cutEpoch() {
    cut = point();
  }

  void at(int batch) {
    innerIter = batch;
    progress = null;
  }

  /** Whatever was cut short, the run has gone on behind it. */
  void goOn() {
    cut = null;
  }

  void beginIteration(Object fetched, long start, long waited) {
    batch = fetched;
    iterationStart = start;
    dataNanos = waited;
    stepSkipped = false;
  }

  void output(StepOutput result) {
    output = result;
  }

  void endIteration() {
    output = null;
    batch = null;
  }

  void finishIteration() {
    boundary.endIteration();
    iter++;
    progress = null;
  }

  void passComplete(boolean complete) {
    passComplete = complete;
    progress = null;
  }

  void finishEpoch() {
    epoch++;
    progress = null;
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
