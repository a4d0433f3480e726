package org.djlrunner.hook;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The stages whose methods a class of hooks overrides, looked up once a class. */
final class OverriddenStages extends ClassValue<Set<Stage>> {
  private static final OverriddenStages BY_CLASS = new OverriddenStages();

  private OverriddenStages() {}

  static Set<Stage> of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  @Override
  protected Set<Stage> computeValue(Class<?> type) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      if (stage.isOverriddenIn(type)) {
        stages.add(stage);
      }
    }
    return Collections.unmodifiableSet(stages);
  }
}
