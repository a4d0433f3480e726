package org.djlrunner.hook;

import java.util.Set;
import java.util.function.Consumer;

/** A function as a hook; at the other stages it is not called. */
final class StageHook implements Hook {
  private final Stage stage;
  private final Consumer<HookContext> action;

  StageHook(Stage stage, Consumer<HookContext> action) {
    this.stage = stage;
    this.action = action;
  }

  @Override
  public Set<Stage> triggeredStages() {
    return Set.of(stage);
  }

  @Override
  public void beforeRun(HookContext context) {
    act(Stage.BEFORE_RUN, context);
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    act(Stage.BEFORE_TRAIN_EPOCH, context);
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    act(Stage.BEFORE_TRAIN_ITER, context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    act(Stage.AFTER_TRAIN_ITER, context);
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    act(Stage.AFTER_TRAIN_EPOCH, context);
  }

  @Override
  public void beforeValEpoch(HookContext context) {
    act(Stage.BEFORE_VAL_EPOCH, context);
  }

  @Override
  public void beforeValIter(HookContext context) {
    act(Stage.BEFORE_VAL_ITER, context);
  }

  @Override
  public void afterValIter(HookContext context) {
    act(Stage.AFTER_VAL_ITER, context);
  }

  @Override
  public void afterValEpoch(HookContext context) {
    act(Stage.AFTER_VAL_EPOCH, context);
  }

  @Override
  public void afterRun(HookContext context) {
    act(Stage.AFTER_RUN, context);
  }

  private void act(Stage called, HookContext context) {
    if (called == stage) {
      action.accept(context);
    }
  }
}
