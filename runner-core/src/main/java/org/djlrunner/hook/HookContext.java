package org.djlrunner.hook;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Ticker;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogStream;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.MemoryGauge;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.djlrunner.spi.StepOutput;

/** The run as hooks see it. */
public interface HookContext {
  /** Where the run stands. */
  Progress progress();

  /** Batches of an epoch, a pass of the first train flow's loader; empty if it doesn't know. */
  OptionalInt epochLength();

  /** What the run is doing, empty before the first flow. */
  Optional<Mode> mode();

  /** The round of flows being run. */
  Workflow workflow();

  /** All hooks in the order in which they are called. */
  Hooks hooks();

  /** The optimizers by name, in order of registration; a single one is called {@code default}. */
  Map<String, Optimizer> optimizers();

  /**
   * The batch of the iteration at hand.
   *
   * @throws IllegalStateException outside an iteration
   */
  Object batch();

  /**
   * The result of the step of the iteration at hand.
   *
   * @throws IllegalStateException before the step or outside an iteration
   */
  StepOutput output();

  /** The scalars of the present mode; training and validation have buffers of their own. */
  LogBuffer logBuffer();

  /** Where log records and notes go. */
  LogStream logs();

  /** The weights to evaluate and save; enter them around either. */
  EvaluationWeights evaluationWeights();

  /** The newest evaluation results by name; a view to read. */
  Map<String, Double> metrics();

  /** Adds an evaluation's results, for checkpoints, the run's result and hooks that watch them. */
  void report(Map<String, Double> results);

  /** How many evaluations have reported a result of this name. */
  int timesReported(String metric);

  /** Where the run writes its files, empty if it shall write none. */
  Optional<Path> workDir();

  /** A name for this run's files: its local start time as {@code yyyyMMdd_HHmmss}. */
  String timestamp();

  /** How the engine writes checkpoints, if it can. */
  Optional<CheckpointCodec> checkpointCodec();

  /** How the engine copies the model's state, if it can. */
  Optional<Snapshots> snapshots();

  /** How the engine tells the memory in use on its device, if it can. */
  Optional<MemoryGauge> memoryGauge();

  /**
   * What describes the run: seed, config, environment; JSON-like data that checkpoints keep. Hooks
   * may add what they need to go on after a resume.
   */
  Map<String, Object> meta();

  /**
   * Runs an action as soon as what is at hand is complete, an iteration or an epoch: all hooks of
   * its last stage were called and the counters have moved on. There the run's state is one that it
   * can go on from. Actions run in the order of these calls, on the run's thread; an exception ends
   * the run.
   */
  void atBoundary(Runnable action);

  /**
   * What a checkpoint holds beside the model: {@link #meta}, progress, results, and the state of
   * hooks and log windows; JSON-like data, a copy.
   *
   * @throws IllegalStateException anywhere but at a boundary, and after a failure that left the
   *     model half updated
   */
  Map<String, Object> checkpointMeta();

  /**
   * Notes that the training iteration at hand has done its update, or left it out: should a hook
   * fail after this, the iteration counts, and what was learned can still be saved.
   */
  void markLearned();

  /**
   * Whether the run could be saved at its next boundary: always, unless it failed between the start
   * of an iteration's update and its end.
   */
  boolean isWhole();

  /**
   * Whether the update due in the iteration at hand was left out because its gradients weren't
   * finite, so that what follows the weights, such as a moving average, can leave it out too.
   */
  boolean stepSkipped();

  /** Notes that the update due in the iteration at hand is left out. */
  void markStepSkipped();

  /** Elapsed time. */
  Ticker ticker();

  /** When the iteration at hand began, on {@link #ticker}: before its batch was asked for. */
  long iterationStart();

  /** Nanoseconds that the iteration at hand waited for its batch. */
  long dataNanos();

  /** Ends the run at the next iteration boundary; the first reason given is kept. */
  void requestStop(String reason);

  /** Whether the run will end at the next iteration boundary because somebody asked for it. */
  boolean stopRequested();

  /** The exception that ends the run, for {@code after_run}. */
  Optional<Throwable> failure();

  /** The present learning rate of every parameter group, by optimizer. */
  default Map<String, List<Double>> learningRates() {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    optimizers()
        .forEach(
            (name, optimizer) ->
                rates.put(
                    name, optimizer.paramGroups().stream().map(group -> group.lr()).toList()));
    return rates;
  }

  /** The present momentum of every parameter group, by optimizer; 0 where there is none. */
  default Map<String, List<Double>> momenta() {
    Map<String, List<Double>> momenta = new LinkedHashMap<>();
    optimizers()
        .forEach(
            (name, optimizer) ->
                momenta.put(
                    name,
                    optimizer.paramGroups().stream()
                        .map(group -> group.currentMomentum())
                        .toList()));
    return momenta;
  }

  /** The memory in use now, in MiB, by the names of {@link LogRecord#memory}. */
  default Map<String, Long> memory() {
    Map<String, Long> memory = new LinkedHashMap<>();
    OptionalLong device = memoryGauge().map(MemoryGauge::usedBytes).orElseGet(OptionalLong::empty);
    device.ifPresent(bytes -> memory.put(LogRecord.DEVICE_MEMORY, bytes >> 20));
    Runtime jvm = Runtime.getRuntime();
    memory.put(LogRecord.HEAP, (jvm.totalMemory() - jvm.freeMemory()) >> 20);
    return memory;
  }
}
