package org.djlrunner.internal;

import java.util.List;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Stage;

/** A stage and the hooks that do something there. */
final class StageCalls {
  private final Stage stage;
  private final Hook[] hooks;

  StageCalls(Stage stage, List<Hook> hooks) {
    this.stage = stage;
    this.hooks = hooks.toArray(new Hook[0]);
  }

  /** Calls the hooks in order; the first exception ends it. */
  void run(HookContext context) {
    for (Hook hook : hooks) {
      stage.call(hook, context);
    }
  }
}
