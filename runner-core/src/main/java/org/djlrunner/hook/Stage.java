package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.djlrunner.Mode;
import org.djlrunner.config.NearNames;

/** The ten moments of a run at which hooks are called, in the order of a run. */
public enum Stage {
  BEFORE_RUN("beforeRun", ""),
  BEFORE_TRAIN_EPOCH("beforeTrainEpoch", "beforeEpoch"),
  BEFORE_TRAIN_ITER("beforeTrainIter", "beforeIter"),
  AFTER_TRAIN_ITER("afterTrainIter", "afterIter"),
  AFTER_TRAIN_EPOCH("afterTrainEpoch", "afterEpoch"),
  BEFORE_VAL_EPOCH("beforeValEpoch", "beforeEpoch"),
  BEFORE_VAL_ITER("beforeValIter", "beforeIter"),
  AFTER_VAL_ITER("afterValIter", "afterIter"),
  AFTER_VAL_EPOCH("afterValEpoch", "afterEpoch"),
  AFTER_RUN("afterRun", "");

  private final String method;
  private final String genericMethod;

  Stage(String method, String genericMethod) {
    this.method = method;
    this.genericMethod = genericMethod;
  }

  /**
   * The stage of a name such as {@code before_train_epoch}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Stage named(String name) {
    List<String> names = new ArrayList<>();
    for (Stage stage : values()) {
      if (stage.toString().equals(name)) {
        return stage;
      }
      names.add(stage.toString());
    }
    throw new IllegalArgumentException(
        "there is no stage '"
            + name
            + "'"
            + NearNames.suggestion(name, names)
            + "; stages: "
            + String.join(", ", names));
  }

  /** Calls a hook's method of this stage. */
  public void call(Hook hook, HookContext context) {
    switch (this) {
      case BEFORE_RUN -> hook.beforeRun(context);
      case BEFORE_TRAIN_EPOCH -> hook.beforeTrainEpoch(context);
      case BEFORE_TRAIN_ITER -> hook.beforeTrainIter(context);
      case AFTER_TRAIN_ITER -> hook.afterTrainIter(context);
      case AFTER_TRAIN_EPOCH -> hook.afterTrainEpoch(context);
      case BEFORE_VAL_EPOCH -> hook.beforeValEpoch(context);
      case BEFORE_VAL_ITER -> hook.beforeValIter(context);
      case AFTER_VAL_ITER -> hook.afterValIter(context);
      case AFTER_VAL_EPOCH -> hook.afterValEpoch(context);
      case AFTER_RUN -> hook.afterRun(context);
    }
  }

  /** The stage before an epoch of a mode. */
  public static Stage beforeEpoch(Mode mode) {
    return mode.equals(Mode.TRAIN) ? BEFORE_TRAIN_EPOCH : BEFORE_VAL_EPOCH;
  }

  /** The stage after an epoch of a mode. */
  public static Stage afterEpoch(Mode mode) {
    return mode.equals(Mode.TRAIN) ? AFTER_TRAIN_EPOCH : AFTER_VAL_EPOCH;
  }

  /**
   * Whether a class of hooks does something at this stage, itself or through the generic method.
   */
  boolean isOverriddenIn(Class<?> type) {
    return overrides(type, method) || (!genericMethod.isEmpty() && overrides(type, genericMethod));
  }

  private static boolean overrides(Class<?> type, String method) {
    try {
      return type.getMethod(method, HookContext.class).getDeclaringClass() != Hook.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("Hook declares " + method, e);
    }
  }

  /** The MMCV name, such as {@code before_train_epoch}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
