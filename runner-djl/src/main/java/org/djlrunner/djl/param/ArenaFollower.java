package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;

/**
 * Keeps something that depends on where parameters lie, and moves it when some are frozen or
 * unfrozen.
 *
 * <p>That happens in two parts, so that a failure changes nothing anywhere: all followers prepare,
 * and only when none has failed do all commit.
 */
@FunctionalInterface
public interface ArenaFollower {
  /**
   * Prepares for a new layout and changes nothing yet; whatever it throws refuses the layout.
   *
   * @param before the present layout
   * @param after the new one
   * @param values all parameters in the new layout, {@code [size] float32}; not to be kept
   */
  Change prepare(ArenaLayout before, ArenaLayout after, NDArray values);

  /** A prepared move. */
  interface Change extends AutoCloseable {
    /** Makes the move; must not fail. */
    void commit();

    /** Frees what was prepared, unless it was committed. */
    @Override
    void close();

    /** A move from its two ends, of which one is called, once. */
    static Change of(Runnable commit, Runnable drop) {
      return new Change() {
        private boolean committed;

        @Override
        public void commit() {
          committed = true;
          commit.run();
        }

        @Override
        public void close() {
          if (!committed) {
            drop.run();
          }
        }
      };
    }
  }
}
