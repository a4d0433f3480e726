package org.djlrunner.hook;

import java.util.Locale;
import java.util.Optional;
import org.djlrunner.metric.LogBuffer;
import org.jspecify.annotations.Nullable;

/** Carries out what a run does about losses and gradients that are not finite. */
final class NonFiniteWatch {
  private final NonFinite settings;
  private final IterationTrace trace = new IterationTrace();
  private @Nullable GoodState state;
  private int inRow;

  NonFiniteWatch(NonFinite settings) {
    this.settings = settings;
  }

  boolean checksGradients() {
    return settings.policy() == NonFinite.Policy.SKIP;
  }

  int inRow() {
    return inRow;
  }

  /** Counts on from what a run before this one had seen. */
  void goOn(int before) {
    inRow = before;
  }

  void beforeRun(HookContext context) {
    trace.clear();
    if (settings.policy() == NonFinite.Policy.RESTORE) {
      state =
          new GoodState(
              context
                  .snapshots()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "nonfinite policy 'restore' needs snapshots of the model; give the"
                                  + " runner's builder some, or choose fail, skip or stop")),
              context.optimizers());
    }
  }

  /** Notes the iteration at hand, before its update. */
  void note(HookContext context) {
    if (settings.policy() != NonFinite.Policy.WARN) {
      trace.add(context);
    }
  }

  /** Counts an update taken or left out for its gradients; too many left out in a row fail. */
  void updated(boolean finite, HookContext context) {
    if (!checksGradients()) {
      return;
    }
    inRow = finite ? 0 : inRow + 1;
    if (!finite) {
      String where = trace.describe(trace.lastStep());
      if (inRow > settings.maxSkips()) {
        throw new ArithmeticException(
            String.format(
                Locale.ROOT,
                "gradients are not finite at %s; %d updates in a row were not, max_skips is %d",
                where,
                inRow,
                settings.maxSkips()));
      }
      context.logs().note("WARNING: update skipped, gradients are not finite at " + where);
    }
    trace.clear();
  }

  /**
   * Looks at the losses since the last look, if it is time to.
   *
   * @return whether the model was put back, so that gradients not yet used are worthless
   */
  boolean look(HookContext context, boolean now) {
    boolean looks =
        switch (settings.policy()) {
          case WARN, SKIP -> false;
          case FAIL, STOP, RESTORE -> true;
        };
    if (!looks
        || trace.size() == 0
        || !(now || context.progress().everyNInnerIters(settings.interval()))) {
      return false;
    }
    LogBuffer buffer = context.logBuffer();
    Optional<LogBuffer.NonFiniteValue> bad =
        buffer.firstNonFinite(NonFiniteWatch::isWatched, trace.firstStep());
    boolean restored = bad.isPresent() ? answer(bad.get(), context) : proceed();
    trace.clear();
    return restored;
  }

  void close() {
    if (state != null) {
      state.close();
      state = null;
    }
  }

  private static boolean isWatched(String name) {
    return (name.contains("loss") && !name.equals("loss_scale")) || name.startsWith("grad_norm");
  }

  private boolean proceed() {
    inRow = 0;
    if (state != null) {
      state.prove();
      state.take();
    }
    return false;
  }

  private boolean answer(LogBuffer.NonFiniteValue bad, HookContext context) {
    String what =
        String.format(
            Locale.ROOT, "%s is %s at %s", bad.name(), bad.value(), trace.describe(bad.step()));
    if (settings.policy() == NonFinite.Policy.STOP) {
      context.requestStop(what);
      return false;
    }
    if (state == null || ++inRow > settings.maxSkips()) {
      throw new ArithmeticException(
          state == null
              ? what
              : String.format(
                  Locale.ROOT,
                  "%s; the model was put back %d times in a row, max_skips is %d",
                  what,
                  settings.maxSkips(),
                  settings.maxSkips()));
    }
    if (bad.step() > trace.firstStep()) {
      state.prove();
    }
    state.restore();
    context.logs().note("WARNING: " + what + "; the model is back where losses were finite");
    return true;
  }
}
