package org.djlrunner.internal;

import org.jspecify.annotations.Nullable;

/** Collects what several actions throw, so that each of them runs; the first failure leads. */
public final class Failures {
  private @Nullable Throwable first;

  /** Begins with a failure that came before, or with null. */
  public Failures(@Nullable Throwable first) {
    this.first = first;
  }

  /** Runs an action and keeps what it throws. */
  public void guard(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
  }

  /** Throws the first failure, if there was one, with the others suppressed in it. */
  public void throwFirst() {
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }
}
