package org.djlrunner.hook;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.log.LogRecord;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.Stateful;
import org.djlrunner.spi.StepContext;

/**
 * Evaluates the model on a schedule: loss and metrics over a whole data set, in one pass.
 *
 * <p>Training is not touched: the mode is entered as a scope, the averages have a buffer of their
 * own, no counter moves, and no iteration's time holds an evaluation. Results go to the log at once
 * and stay in {@link HookContext#metrics} for checkpoints and for the run's result; an evaluation
 * before training is that of epoch 0. What is no single number goes to the text log as a table and
 * to a file in the work folder's {@code evaluation}.
 *
 * <p>Several may run side by side, each on data of its own and with a name that its results begin
 * with, such as {@code clean/loss}; results of equal names replace each other.
 *
 * @param <B> the batch
 */
public final class EvalHook<B> implements Hook, Stateful {
  /** What an evaluation may be called: its name is part of file names. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private final String name;
  private final EvaluationPass<B> pass;
  private final EvalSchedule schedule;
  private boolean begun;

  /**
   * An evaluation of {@code model} on {@code loader}.
   *
   * @param interval when; must be at least every 1 epoch or iteration
   */
  public EvalHook(ModelStep<B> model, DataLoader<B> loader, Every interval) {
    this("", new EvaluationPass<>(model, loader), EvalSchedule.every(interval));
  }

  /**
   * An evaluation.
   *
   * @param name what its results begin with; empty for nothing
   * @param pass the model, the data and the metrics
   * @param schedule when
   * @throws IllegalArgumentException if the name doesn't fit {@link #NAME}
   */
  public EvalHook(String name, EvaluationPass<B> pass, EvalSchedule schedule) {
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an evaluation's name consists of letters, digits, '_', '-' and '.', got '" + name + "'");
    }
    this.name = name;
    this.pass = pass;
    this.schedule = schedule;
  }

  /** What its results begin with, empty for nothing. */
  public String name() {
    return name;
  }

  /** When it evaluates. */
  public EvalSchedule schedule() {
    return schedule;
  }

  /** Whether it began: a resumed run goes on behind the evaluation of what it begins with. */
  @Override
  public Map<String, Object> state() {
    return Map.of("begun", begun);
  }

  @Override
  public void restore(Map<String, Object> state) {
    if (!(state.get("begun") instanceof Boolean before)) {
      throw new IllegalArgumentException("it needs begun, true or false, got " + state);
    }
    begun = before;
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    begin(context);
  }

  /** Only where a run begins without a stage before its epoch. */
  @Override
  public void beforeTrainIter(HookContext context) {
    begin(context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (schedule.unit() == Every.Unit.ITER && schedule.isDue(context.progress())) {
      Progress progress = context.progress();
      evaluate(context, progress.epoch() + 1, progress.iter() + 1);
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    if (schedule.unit() == Every.Unit.EPOCH && schedule.isDue(context.progress())) {
      Progress progress = context.progress();
      evaluate(context, progress.epoch() + 1, progress.iter());
    }
  }

  @Override
  public Priority priority() {
    return Priority.LOW;
  }

  private void begin(HookContext context) {
    if (begun) {
      return;
    }
    begun = true;
    Progress progress = context.progress();
    if (schedule.isDueAtStart(progress)) {
      evaluate(context, progress.epoch(), progress.iter());
    }
  }

  /**
   * Evaluates and tells everybody.
   *
   * @param epoch the epoch to show
   * @param finishedIters training iterations behind the weights
   */
  private void evaluate(HookContext context, int epoch, int finishedIters) {
    Progress progress = context.progress();
    EvaluationResult found;
    try (Scope weights = context.evaluationWeights().enter()) {
      found = pass.run(new StepContext(progress, context.optimizers()));
    }
    Map<String, Double> results = found.named(name);
    context.report(results);
    context
        .logs()
        .publish(
            new LogRecord(
                Mode.VAL,
                schedule.unit(),
                epoch,
                found.batches(),
                progress,
                finishedIters,
                context.learningRates(),
                context.momenta(),
                Map.of(),
                results,
                OptionalDouble.empty()));
    found.table().forEach(context.logs()::detail);
    keep(context, found, epoch, finishedIters);
  }

  private void keep(HookContext context, EvaluationResult found, int epoch, int finishedIters) {
    if (found.details().isEmpty() || context.workDir().isEmpty()) {
      return;
    }
    boolean byEpoch = schedule.unit() == Every.Unit.EPOCH;
    String moment = schedule.unit().word() + "_" + (byEpoch ? epoch : finishedIters);
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("evaluation", name);
    head.put("epoch", epoch);
    head.put("step", finishedIters);
    try {
      EvaluationFile.write(
          context.workDir().get(), name.isEmpty() ? moment : name + "_" + moment, head, found);
    } catch (IOException e) {
      // As with logs: what only describes a run doesn't end it.
      context.logs().note("WARNING: the evaluation's details can't be written: " + e);
    }
  }
}
