package org.djlrunner.internal;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.Stage;

/** Calls the hooks of a stage; which hooks a stage has is worked out once a run. */
public final class HookDispatcher {
  private final Map<Stage, StageCalls> byStage = new EnumMap<>(Stage.class);

  /** Those that end a run. */
  private final List<Hook> atEnd;

  /** Fixes the calling order of the hooks registered so far. */
  public HookDispatcher(Hooks hooks) {
    for (Stage stage : Stage.values()) {
      byStage.put(stage, new StageCalls(stage, hooks.at(stage)));
    }
    atEnd = hooks.at(Stage.AFTER_RUN);
  }

  /** Calls the stage's hooks in order; the first exception ends it. */
  public void call(Stage stage, HookContext context) {
    at(stage).run(context);
  }

  /** The calls of a stage, for a loop that looks them up once. */
  StageCalls at(Stage stage) {
    return Objects.requireNonNull(byStage.get(stage));
  }

  /** Calls every {@code after_run}, whatever the others throw. */
  public void callAfterRun(HookContext context, Failures failures) {
    for (Hook hook : atEnd) {
      failures.guard(() -> hook.afterRun(context));
    }
  }
}
