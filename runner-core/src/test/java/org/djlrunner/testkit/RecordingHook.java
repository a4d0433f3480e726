package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Stage;

/** Records every stage with the counters it saw. */
public final class RecordingHook implements Hook {
  private final List<Event> events = new ArrayList<>();

  /**
   * One call of the hook.
   *
   * @param stage where
   * @param mode what the run was doing, "none" before the first flow
   * @param progress the counters
   */
  public record Event(Stage stage, String mode, Progress progress) {
    /** {@code stage epoch/iter/inner}. */
    @Override
    public String toString() {
      return stage + " " + progress.epoch() + "/" + progress.iter() + "/" + progress.innerIter();
    }
  }

  /** What was recorded, in order. */
  public List<Event> events() {
    return events;
  }

  /** What was recorded, as lines {@code stage epoch/iter/inner}. */
  public List<String> lines() {
    return events.stream().map(Event::toString).toList();
  }

  /** The stages recorded, in order. */
  public List<Stage> stages() {
    return events.stream().map(Event::stage).toList();
  }

  private void record(Stage stage, HookContext context) {
    events.add(new Event(stage, context.mode().map(Mode::name).orElse("none"), context.progress()));
  }

  @Override
  public void beforeRun(HookContext context) {
    record(Stage.BEFORE_RUN, context);
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    record(Stage.BEFORE_TRAIN_EPOCH, context);
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    record(Stage.BEFORE_TRAIN_ITER, context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    record(Stage.AFTER_TRAIN_ITER, context);
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    record(Stage.AFTER_TRAIN_EPOCH, context);
  }

  @Override
  public void beforeValEpoch(HookContext context) {
    record(Stage.BEFORE_VAL_EPOCH, context);
  }

  @Override
  public void beforeValIter(HookContext context) {
    record(Stage.BEFORE_VAL_ITER, context);
  }

  @Override
  public void afterValIter(HookContext context) {
    record(Stage.AFTER_VAL_ITER, context);
  }

  @Override
  public void afterValEpoch(HookContext context) {
    record(Stage.AFTER_VAL_EPOCH, context);
  }

  @Override
  public void afterRun(HookContext context) {
    record(Stage.AFTER_RUN, context);
  }
}
