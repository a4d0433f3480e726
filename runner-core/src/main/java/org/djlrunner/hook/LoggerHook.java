package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.TextLogOptions;
import org.djlrunner.metric.LogBuffer;
import org.djlrunner.spi.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * Averages the logged scalars at an interval and writes them to one sink.
 *
 * <p>Only here is the device read. Each logger has its own interval and window, so loggers can't
 * disturb each other: a window holds the iterations since this logger's last record, within the
 * present epoch if it counts by epoch. Evaluation results and val flows are written as they come.
 */
public final class LoggerHook implements Hook, Stateful {
  private final int interval;
  private final Every.Unit labelUnit;
  private final boolean ignoreLast;
  private final Function<HookContext, LogSink> opener;
  private @Nullable LogSink sink;
  private long loggedStep;
  private long restoredStep;
  private boolean warned;
  private @Nullable TimeLeft timeLeft;

  /**
   * A logger.
   *
   * @param interval iterations between two records, 1 to {@link LogBuffer#DEFAULT_CAPACITY}
   * @param labelUnit whether iterations are counted within the epoch or over the whole run
   * @param ignoreLast whether the tail of an epoch that is shorter than the interval is left out
   * @param opener opens the sink when the run starts
   */
  public LoggerHook(
      int interval,
      Every.Unit labelUnit,
      boolean ignoreLast,
      Function<HookContext, LogSink> opener) {
    if (interval < 1 || interval > LogBuffer.DEFAULT_CAPACITY) {
      throw new IllegalArgumentException(
          String.format(
              "a logger's interval must be at least 1 and at most %d, got %d",
              LogBuffer.DEFAULT_CAPACITY, interval));
    }
    this.interval = interval;
    this.labelUnit = labelUnit;
    this.ignoreLast = ignoreLast;
    this.opener = opener;
  }

  /**
   * A logger for people: the console and, with a work folder, {@code TIMESTAMP.log} there.
   *
   * @param interval iterations between two records
   * @param labelUnit whether iterations are counted within the epoch or over the whole run
   */
  public static LoggerHook text(int interval, Every.Unit labelUnit) {
    return new LoggerHook(interval, labelUnit, true, Sinks.text(TextLogOptions.DEFAULT));
  }

  /** A logger for machines: {@code TIMESTAMP.log.json} in the work folder, one object a line. */
  public static LoggerHook jsonLines(int interval, Every.Unit labelUnit) {
    return new LoggerHook(interval, labelUnit, true, Sinks.jsonLines());
  }

  /** A logger for spreadsheets: {@code TIMESTAMP.csv} in the work folder, a row a record. */
  public static LoggerHook csv(int interval, Every.Unit labelUnit) {
    return new LoggerHook(interval, labelUnit, true, Sinks.csv());
  }

  /** A logger for TensorBoard: event files in {@code tf_logs} in the work folder. */
  public static LoggerHook tensorBoard(int interval, Every.Unit labelUnit) {
    return new LoggerHook(interval, labelUnit, true, Sinks.tensorBoard(Optional.empty()));
  }

  /** Iterations between two records. */
  public int interval() {
    return interval;
  }

  /** Whether iterations are counted within the epoch or over the whole run. */
  public Every.Unit labelUnit() {
    return labelUnit;
  }

  /** Whether the tail of an epoch that is shorter than the interval is left out. */
  public boolean ignoreLast() {
    return ignoreLast;
  }

  @Override
  public void beforeRun(HookContext context) {
    sink = opener.apply(context);
    context.logs().subscribe(sink);
    loggedStep = restoredStep;
    restoredStep = 0;
    warned = false;
    timeLeft = TimeLeft.begin(context);
  }

  /** Where the window of the next record begins. */
  @Override
  public Map<String, Object> state() {
    return Map.of("logged_step", loggedStep);
  }

  @Override
  public void restore(Map<String, Object> state) {
    if (!(state.get("logged_step") instanceof Number step)) {
      throw new IllegalArgumentException("it needs a number logged_step, got " + state);
    }
    restoredStep = step.longValue();
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    if (labelUnit == Every.Unit.EPOCH) {
      loggedStep = context.logBuffer().step();
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    Progress progress = context.progress();
    boolean due =
        labelUnit == Every.Unit.EPOCH
            ? progress.everyNInnerIters(interval)
            : progress.everyNIters(interval);
    if (due || (!ignoreLast && progress.endOfEpoch())) {
      long window = context.logBuffer().step() - loggedStep;
      loggedStep = context.logBuffer().step();
      Map<String, Double> values = context.logBuffer().average(window);
      warnOnce(context, values);
      write(context, values, Objects.requireNonNull(timeLeft).seconds(context));
    }
  }

  @Override
  public void afterValEpoch(HookContext context) {
    if (!context.progress().passComplete()) {
      return; // A part of the data is no result.
    }
    write(context, context.logBuffer().average(), OptionalDouble.empty());
  }

  @Override
  public void afterRun(HookContext context) {
    LogSink own = sink;
    if (own != null) {
      context.failure().ifPresent(failure -> context.logs().failed(own, failure));
    }
  }

  @Override
  public Priority priority() {
    return Priority.VERY_LOW;
  }

  /** A loss that is not finite never becomes finite again: say so where it is first seen. */
  private void warnOnce(HookContext context, Map<String, Double> values) {
    if (!warned && sink != null && !Double.isFinite(values.getOrDefault("loss", 0.0))) {
      warned = true;
      sink.note(
          String.format(
              Locale.ROOT,
              "WARNING: the loss is %s by iteration %d and will stay so; a lower learning rate,"
                  + " warm-up or grad_clip may help",
              values.get("loss"),
              context.progress().iter() + 1));
    }
  }

  private void write(HookContext context, Map<String, Double> values, OptionalDouble eta) {
    Progress progress = context.progress();
    Mode mode = context.mode().orElseThrow();
    boolean trains = mode.equals(Mode.TRAIN);
    int iter =
        !trains || labelUnit == Every.Unit.EPOCH ? progress.innerIter() + 1 : progress.iter() + 1;
    LogRecord record =
        new LogRecord(
            mode,
            labelUnit,
            // Between training epochs the counter already is the number of finished ones.
            trains ? progress.epoch() + 1 : progress.epoch(),
            iter,
            progress,
            trains ? progress.iter() + 1 : progress.iter(),
            context.learningRates(),
            context.momenta(),
            trains ? context.memory() : Map.of(),
            timesFirst(values),
            eta);
    if (sink != null) {
      context.logs().publishTo(sink, record);
    }
  }

  /** MMCV's order: what an iteration took, then what the step reported. */
  private static Map<String, Double> timesFirst(Map<String, Double> values) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    for (String name : IterTimerHook.NAMES) {
      if (values.containsKey(name)) {
        ordered.put(name, values.get(name));
      }
    }
    values.forEach(ordered::putIfAbsent);
    return ordered;
  }
}
