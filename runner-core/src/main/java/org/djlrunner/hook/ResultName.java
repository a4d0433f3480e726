package org.djlrunner.hook;

import java.util.Collection;

/** Names of evaluation results: {@code accuracy_top-1}, or {@code EVALUATION/accuracy_top-1}. */
final class ResultName {
  private ResultName() {}

  /** The evaluation that a result's name begins with, empty if it names none. */
  static String evaluation(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  /**
   * Whether results don't hold a name because they come from another evaluation than the one that
   * the run has for it.
   */
  static boolean comesFromAnother(String name, Collection<String> results, Hooks hooks) {
    String evaluation = evaluation(name);
    if (results.stream().anyMatch(result -> evaluation(result).equals(evaluation))) {
      return false;
    }
    for (Hook hook : hooks) {
      if (hook instanceof EvalHook<?> own && own.name().equals(evaluation)) {
        return true;
      }
    }
    return false;
  }
}
