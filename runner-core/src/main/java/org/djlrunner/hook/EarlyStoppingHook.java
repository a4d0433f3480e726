package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.djlrunner.config.NearNames;

/**
 * Ends a run in order when evaluation results no longer get better, are good enough, or are no
 * numbers any more.
 *
 * <p>Each result is compared with the best so far, not with the one before. A result that is not
 * finite is never a best. What it has seen is in the run's meta data as {@code early_stopping}, so
 * a run that goes on goes on counting.
 */
public final class EarlyStoppingHook implements Hook {
  private static final String META = "early_stopping";

  /** Behind evaluation, before checkpoints, which keep what it has seen. */
  private static final Priority BEHIND_EVALUATION = new Priority(75);

  private final EarlyStopping settings;
  private double best;
  private boolean hasBest;
  private int waited;
  private int seen;

  /** A hook that watches as the settings say. */
  public EarlyStoppingHook(EarlyStopping settings) {
    this.settings = settings;
  }

  /** What this hook was made with. */
  public EarlyStopping settings() {
    return settings;
  }

  @Override
  public void beforeRun(HookContext context) {
    hasBest = false;
    waited = 0;
    seen = context.timesReported(settings.monitor());
    if (context.meta().get(META) instanceof Map<?, ?> state
        && state.get("best") instanceof Number storedBest
        && state.get("waited") instanceof Number storedWaited) {
      best = storedBest.doubleValue();
      hasBest = true;
      waited = storedWaited.intValue();
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    look(context);
  }

  @Override
  public void afterEpoch(HookContext context) {
    look(context);
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

  @Override
  public Priority priority() {
    return BEHIND_EVALUATION;
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
    remember(context);
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
          "%s has not got better in %d evaluations, the best is %s",
          settings.monitor(),
          waited,
          hasBest ? best : "none");
    }
  }

  private void remember(HookContext context) {
    if (hasBest) {
      Map<String, Object> state = new LinkedHashMap<>();
      state.put("monitor", settings.monitor());
      state.put("best", best);
      state.put("waited", waited);
      context.meta().put(META, state);
    }
  }

  private static void stop(HookContext context, String form, Object... values) {
    context.requestStop(String.format(Locale.ROOT, form, values));
  }
}
