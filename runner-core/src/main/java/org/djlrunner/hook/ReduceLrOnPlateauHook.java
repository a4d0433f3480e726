package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.config.NearNames;
import org.djlrunner.log.LogRecord;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.Moment;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.schedule.PlateauWatch;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * Lowers the learning rates when a watched value stops getting better.
 *
 * <p>Each evaluation feeds it one value, or each training epoch or interval of iterations its mean;
 * the rates of the next training iteration follow. Its state is in the run's meta data as {@code
 * lr_plateau}, which checkpoints keep, and a run that begins with such a state goes on from it:
 * with its rates, in proportion to the optimizers' own if these were changed, and with its best
 * value, if the run watches the same.
 */
public final class ReduceLrOnPlateauHook implements Hook, Stateful {
  /** Where the run's meta data holds the state. */
  public static final String META = "lr_plateau";

  private static final String RATES = "rates";
  private static final String FED_ITER = "fed_iter";
  private static final String MONITOR = "monitor";
  private static final String INITIAL = "initial";

  private final Plateau plateau;
  private PlateauWatch watch;
  private final ValuesInForce inForce = new ValuesInForce(ParamGroup::lr, ParamGroup::setLr);
  private final Map<String, List<Double>> rates = new LinkedHashMap<>();
  private final Map<String, List<Double>> least = new LinkedHashMap<>();
  private final Map<String, List<Double>> initial = new LinkedHashMap<>();
  private final TrainingMean training;
  private int fedIter;
  private Map<?, ?> restored = Map.of();
  private @Nullable String problem;

  /** A hook that watches what {@code plateau} says. */
  public ReduceLrOnPlateauHook(Plateau plateau) {
    this.plateau = plateau;
    this.watch = new PlateauWatch(plateau);
    this.training = new TrainingMean(plateau.watched(), "lr_config.monitor is");
  }

  @Override
  public void beforeRun(HookContext context) {
    watch = new PlateauWatch(plateau);
    rates.clear();
    initial.clear();
    least.clear();
    problem = null;
    Map<?, ?> before = restored;
    restored = Map.of();
    boolean sameMonitor =
        !before.containsKey(MONITOR) || plateau.monitor().equals(before.get(MONITOR));
    training.restore(sameMonitor ? before : Map.of());
    fedIter = before.get(FED_ITER) instanceof Number iter ? iter.intValue() : 0;
    Map<String, Optimizer> optimizers = context.optimizers();
    optimizers.forEach(
        (name, optimizer) -> {
          GroupBases groups = GroupBases.learningRates(name, optimizer, optimizers.size() == 1);
          rates.put(name, new ArrayList<>(groups.initial()));
          initial.put(name, List.copyOf(groups.initial()));
          least.put(name, plateau.minLr().of(groups));
        });
    if (context.meta().get(META) instanceof Map<?, ?> state) {
      if (sameMonitor) {
        watch.load(state);
      }
      loadRates(state.get(RATES), before.get(INITIAL));
    }
    inForce.beforeRun(optimizers);
    if (!plateau.watchesTraining()) {
      context.logs().subscribe(record -> seen(record, context));
    }
  }

  /**
   * How far means have come, what is watched, and the rates that were reduced; the rest is in the
   * run's meta data.
   */
  @Override
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>(training.state());
    state.put(FED_ITER, fedIter);
    state.put("in_force", inForce.state());
    state.put(MONITOR, plateau.monitor());
    state.put(INITIAL, new LinkedHashMap<>(initial));
    return state;
  }

  @Override
  public void restore(Map<String, Object> state) {
    if (!(state.get("epoch_start") instanceof Number)) {
      throw new IllegalArgumentException("it needs a number epoch_start, got " + state);
    }
    restored = Map.copyOf(state);
    if (state.get("in_force") instanceof Map<?, ?> values) {
      Map<String, Object> byName = new LinkedHashMap<>();
      values.forEach((name, rates) -> byName.put(String.valueOf(name), rates));
      inForce.restore(byName);
    }
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    training.beginEpoch(context);
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    if (problem != null) {
      throw new IllegalStateException(problem);
    }
    feedInterval(context);
    double factor = plateau.warmupFactor(Moment.of(context.progress(), context.epochLength()));
    context
        .optimizers()
        .forEach(
            (name, optimizer) -> {
              List<ParamGroup> groups = optimizer.paramGroups();
              List<Double> own = rates.getOrDefault(name, List.of());
              for (int i = 0; i < groups.size(); i++) {
                groups.get(i).setLr(own.get(i) * factor);
              }
            });
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    if (plateau.watchesTraining()) {
      training.ofEpoch(context).ifPresent(mean -> feed(mean, context));
    }
  }

  /** A val flow's results come from here; those of an evaluation hook come with its record. */
  @Override
  public void afterValEpoch(HookContext context) {
    if (!plateau.watchesTraining() && context.progress().passComplete()) {
      feed(context.metrics(), context);
    }
  }

  @Override
  public Priority priority() {
    return Priority.VERY_HIGH;
  }

  private void seen(LogRecord record, HookContext context) {
    // Other evaluations have schedules of their own.
    if (record.mode().equals(Mode.VAL)
        && !ResultName.comesFromAnother(plateau.key(), record.values().keySet(), context.hooks())) {
      feed(record.values(), context);
    }
  }

  /**
   * At the start of the next iteration, since what hooks behind this one log belongs to the mean. A
   * run that goes on from within an iteration comes here a second time.
   */
  private void feedInterval(HookContext context) {
    int finished = context.progress().iter();
    if (plateau.watchesTraining() && finished != fedIter) {
      fedIter = finished;
      training.ofIterations(context, finished, true).ifPresent(mean -> feed(mean, context));
    }
  }

  private void feed(Map<String, Double> values, HookContext context) {
    Double value = values.get(plateau.key());
    if (value == null) {
      // Told before the next step: an exception of a log's reader would end the reading only.
      problem =
          "lr_config.monitor is '"
              + plateau.monitor()
              + "', which is not among "
              + values.keySet()
              + NearNames.suggestion(plateau.key(), values.keySet());
      return;
    }
    feed(value.doubleValue(), context);
  }

  private void feed(double value, HookContext context) {
    if (watch.isReductionDue(value)) {
      reduce(value, context);
    }
    Map<String, Object> state = watch.state();
    Map<String, Object> kept = new LinkedHashMap<>();
    rates.forEach((name, own) -> kept.put(name, List.copyOf(own)));
    state.put(RATES, kept);
    context.meta().put(META, state);
  }

  private void reduce(double value, HookContext context) {
    rates.forEach(
        (name, own) -> {
          List<Double> bounds = least.getOrDefault(name, List.of());
          for (int i = 0; i < own.size(); i++) {
            own.set(i, plateau.reduced(own.get(i), bounds.get(i)));
          }
        });
    context
        .logs()
        .note(
            String.format(
                Locale.ROOT,
                "%s is %.6g and has not got better: learning rates are now %s",
                plateau.monitor(),
                value,
                rates.size() == 1 ? rates.values().iterator().next() : rates));
  }

  /** Takes over rates, in proportion to those that they were reduced from. */
  private void loadRates(@Nullable Object state, @Nullable Object initialBefore) {
    rates.forEach(
        (name, own) -> {
          Object stored = state instanceof Map<?, ?> byName ? byName.get(name) : null;
          if (!(stored instanceof List<?> list)
              || list.size() != own.size()
              || !list.stream().allMatch(Number.class::isInstance)) {
            throw new IllegalArgumentException(
                META
                    + " must hold "
                    + own.size()
                    + " rates for optimizer '"
                    + name
                    + "', got "
                    + stored);
          }
          Object bases = initialBefore instanceof Map<?, ?> byName ? byName.get(name) : null;
          for (int i = 0; i < own.size(); i++) {
            own.set(i, ((Number) list.get(i)).doubleValue() * changed(own.get(i), bases, i));
          }
        });
  }

  /** By what factor the config's rate is another than it was before. */
  private static double changed(double own, @Nullable Object before, int group) {
    return before instanceof List<?> bases
            && group < bases.size()
            && bases.get(group) instanceof Number base
            && base.doubleValue() > 0
        ? own / base.doubleValue()
        : 1;
  }
}
