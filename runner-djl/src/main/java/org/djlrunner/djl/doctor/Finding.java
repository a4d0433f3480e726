package org.djlrunner.djl.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at on this machine.
 *
 * @param level how much it matters
 * @param topic what was looked at, in one or two words, such as {@code CUDA driver}
 * @param text what was seen, with paths and versions
 * @param advice what to do about it, as commands where possible; null where there is nothing to do
 */
public record Finding(Level level, String topic, String text, @Nullable String advice) {

  static Finding ok(String topic, String text) {
    return new Finding(Level.OK, topic, text, null);
  }

  static Finding note(String topic, String text) {
    return new Finding(Level.NOTE, topic, text, null);
  }

  static Finding warning(String topic, String text, String advice) {
    return new Finding(Level.WARNING, topic, text, advice);
  }

  static Finding error(String topic, String text, String advice) {
    return new Finding(Level.ERROR, topic, text, advice);
  }
}
