package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.List;

/**
 * The usual hooks of a training run, each registered at its own priority.
 *
 * <p>Of equal priority, they run in the order in which they were added here, custom hooks last. So
 * add the timer before evaluation, and checkpoints before loggers.
 */
public final class TrainingHooks {
  private record Entry(Hook hook, Priority priority) {}

  private final List<Entry> usual = new ArrayList<>();
  private final List<Entry> custom = new ArrayList<>();

  /** No hooks yet. */
  public TrainingHooks() {}

  /** Adds one of the usual hooks at its own priority. */
  public TrainingHooks add(Hook hook) {
    usual.add(new Entry(hook, hook.priority()));
    return this;
  }

  /** Adds a custom hook at a priority; it is registered behind the usual ones. */
  public TrainingHooks custom(Hook hook, Priority priority) {
    custom.add(new Entry(hook, priority));
    return this;
  }

  /** Registers them all. */
  public void registerWith(Hooks hooks) {
    usual.forEach(entry -> hooks.add(entry.hook, entry.priority));
    custom.forEach(entry -> hooks.add(entry.hook, entry.priority));
  }
}
