package org.djlrunner.internal;

import java.util.EnumMap;
import java.util.Map;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.Stage;

/** Calls the hooks of a stage; which hooks a stage has is worked out once a run. */
public final class HookDispatcher {
  private static final Hook[] NONE = {};

  private final Map<Stage, Hook[]> byStage = new EnumMap<>(Stage.class);

  /** Fixes the calling order of the hooks registered so far. */
  public HookDispatcher(Hooks hooks) {
    for (Stage stage : Stage.values()) {
      byStage.put(stage, hooks.at(stage).toArray(NONE));
    }
  }

  /** Calls the stage's hooks in order; the first exception ends it. */
  public void call(Stage stage, HookContext context) {
    for (Hook hook : at(stage)) {
      stage.call(hook, context);
    }
  }

  /** Calls every {@code after_run}, whatever the others throw. */
  public void callAfterRun(HookContext context, Failures failures) {
    for (Hook hook : at(Stage.AFTER_RUN)) {
      failures.guard(() -> hook.afterRun(context));
    }
  }

  private Hook[] at(Stage stage) {
    return byStage.getOrDefault(stage, NONE);
  }
}
