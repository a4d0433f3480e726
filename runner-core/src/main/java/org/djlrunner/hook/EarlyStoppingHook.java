package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.config.NearNames;
import org.djlrunner.spi.Stateful;

/**
 * Ends a run in order when a watched value no longer gets better, is good enough, or is no number
 * any more: a result of evaluations, or a mean of what training logs.
 *
 * <p>Each value is compared with the best so far, not with the one before. One that is not finite
 * is never a best. Checkpoints keep what it has seen, so a run that goes on goes on counting;
 * several such hooks in a run count each for itself.
 */
public final class EarlyStoppingHook implements Hook, Stateful {
  private static final String MONITOR = "monitor";
  private static final String BEST = "best";
  private static final String WAITED = "waited";

  /** Behind evaluation, before checkpoints, which keep what it has seen. */
  private static final Priority BEHIND_EVALUATION = new Priority(75);

  private final EarlyStopping settings;
  private final TrainingMean training;
  private double best;
  private boolean hasBest;
  private int waited;
  private int seen;
  private Map<?, ?> restored = Map.of();

  /** A hook that watches as the settings say. */
  public EarlyStoppingHook(EarlyStopping settings) {
    this.settings = settings;
    this.training = new TrainingMean(settings.watched(), "EarlyStoppingHook watches");
  }

  /** What this hook was made with. */
  public EarlyStopping settings() {
    return settings;
  }

  @Override
  public void beforeRun(HookContext context) {
    seen = context.timesReported(settings.monitor());
    Map<?, ?> state = restored;
    restored = Map.of();
    if (!state.isEmpty() && !Objects.equals(state.get(MONITOR), settings.monitor())) {
      context
          .logs()
          .note(
              "EarlyStoppingHook watched '"
                  + state.get(MONITOR)
                  + "' before; it begins anew with '"
                  + settings.monitor()
                  + "'");
      state = Map.of();
    }
    hasBest = state.get(BEST) instanceof Number;
    best = state.get(BEST) instanceof Number storedBest ? storedBest.doubleValue() : 0;
    waited = state.get(WAITED) instanceof Number storedWaited ? storedWaited.intValue() : 0;
    training.restore(state);
  }

  /** What it watches, the best of it, and how long that is ago. */
  @Override
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(MONITOR, settings.monitor());
    if (hasBest) {
      state.put(BEST, best);
    }
    state.put(WAITED, waited);
    state.putAll(training.state());
    return state;
  }

  @Override
  public void restore(Map<String, Object> state) {
    if (!(state.get(MONITOR) instanceof String) || !(state.get(WAITED) instanceof Number)) {
      throw new IllegalArgumentException(
          "it needs a text " + MONITOR + " and a number " + WAITED + ", got " + state);
    }
    restored = new LinkedHashMap<>(state);
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    training.beginEpoch(context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (settings.watched().isOfTraining()) {
      training
          .ofIterations(context, context.progress().iter() + 1, false)
          .ifPresent(mean -> judge(mean, context));
    } else {
      look(context);
    }
  }

  @Override
  public void afterEpoch(HookContext context) {
    if (settings.watched().isOfTraining()) {
      training.ofEpoch(context).ifPresent(mean -> judge(mean, context));
    } else {
      look(context);
      requireReported(context);
    }
  }

  @Override
  public Priority priority() {
    return BEHIND_EVALUATION;
  }

  private void requireReported(HookContext context) {
    Map<String, Double> results = context.metrics();
    if (!results.isEmpty()
        && context.timesReported(settings.monitor()) == 0
        && !ResultName.comesFromAnother(settings.monitor(), results.keySet(), context.hooks())) {
      throw new IllegalStateException(
          "EarlyStoppingHook watches '"
              + settings.monitor()
              + "', which no evaluation has reported"
              + NearNames.suggestion(settings.monitor(), results.keySet())
              + "; there are "
              + results.keySet());
    }
  }

  private void look(HookContext context) {
    int reported = context.timesReported(settings.monitor());
    Double value = context.metrics().get(settings.monitor());
    if (reported > seen && value != null) {
      seen = reported;
      judge(value, context);
    }
  }

  private void judge(double value, HookContext context) {
    boolean finite = Double.isFinite(value);
    if (finite && (!hasBest || settings.rule().isBetter(value, best, settings.minDelta()))) {
      best = value;
      hasBest = true;
      waited = 0;
    } else {
      waited++;
    }
    if (!finite && settings.checkFinite()) {
      stop(context, "%s is %s", settings.monitor(), value);
    } else if (settings.threshold().isPresent()
        && settings.rule().reaches(value, settings.threshold().getAsDouble())) {
      stop(
          context,
          "%s reached %s, the threshold is %s",
          settings.monitor(),
          value,
          settings.threshold().getAsDouble());
    } else if (waited >= settings.patience()) {
      stop(
          context,
          "%s has not got better in %d %s, the best is %s",
          settings.monitor(),
          waited,
          unit(),
          hasBest ? best : "none");
    }
  }

  private String unit() {
    if (!settings.watched().isOfTraining()) {
      return "evaluations";
    }
    return settings.interval() == 0 ? "epochs" : "times " + settings.interval() + " iterations";
  }

  private static void stop(HookContext context, String form, Object... values) {
    context.requestStop(String.format(Locale.ROOT, form, values));
  }
}
