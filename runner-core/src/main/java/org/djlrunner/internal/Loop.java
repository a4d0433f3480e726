package org.djlrunner.internal;

/** How a runner walks its workflow. */
@FunctionalInterface
public interface Loop {
  /** Walks it until the limit or a stop request; failures of hooks and steps come out as thrown. */
  void run();
}
