package org.djlrunner.spi;

import java.util.Map;

/**
 * Something whose memory a checkpoint keeps, so that a resumed run goes on as if it had not been
 * interrupted: a hook that counts, a loader, a step.
 *
 * <p>State is JSON-like: text, numbers, booleans, null, lists and maps of these with text as keys.
 * It is taken between iterations only. What is a pure function of the run's progress is no state.
 */
public interface Stateful {
  /** A copy of what this remembers at present. */
  Map<String, Object> state();

  /**
   * Goes on with a state, before {@code before_run}, which must not reset it.
   *
   * @param state as {@link #state} gave it, after a way through JSON: an int may have become a long
   *     and the other way round
   * @throws IllegalArgumentException if it isn't a state of this kind; the message says what is
   *     wrong with it
   */
  void restore(Map<String, Object> state);
}
