package org.djlrunner.djl.experiment;

import java.util.List;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;

/** Writes what is about to run at the head of every log for people. */
final class AnnounceHook implements Hook {
  private final List<String> lines;

  AnnounceHook(List<String> lines) {
    this.lines = lines;
  }

  @Override
  public void beforeRun(HookContext context) {
    lines.forEach(context.logs()::note);
    context.logs().detail("Workflow " + context.workflow() + ", hooks in calling order:");
    context.hooks().describe().lines().forEach(context.logs()::detail);
  }

  /** Behind the loggers, which open their files at the same stage. */
  @Override
  public Priority priority() {
    return Priority.LOWEST;
  }
}
