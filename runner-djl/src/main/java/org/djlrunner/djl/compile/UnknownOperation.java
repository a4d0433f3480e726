package org.djlrunner.djl.compile;

import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;

/** Finds which block asked for something that a trace can't note. */
final class UnknownOperation {
  private UnknownOperation() {}

  static NotCompilableException of(String operation) {
    NotCompilableException unknown = new NotCompilableException("");
    return new NotCompilableException(culprit(unknown) + " uses " + operation);
  }

  /** The innermost block on the stack, by its class. */
  static String culprit(Throwable at) {
    for (StackTraceElement frame : at.getStackTrace()) {
      Class<?> type = load(frame.getClassName());
      if (type != null && Block.class.isAssignableFrom(type) && type != AbstractBlock.class) {
        return "block " + (type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName());
      }
    }
    return "the network";
  }

  private static @org.jspecify.annotations.Nullable Class<?> load(String name) {
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
