package org.djlrunner.djl.doctor;

import java.util.Locale;

/** Writes an amount of memory the way people read it. */
final class Bytes {

  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;

  private Bytes() {}

  /** {@code 2560 MiB} below 10 GiB, {@code 23.5 GiB} from there. */
  static String text(long bytes) {
    return bytes < 10 * GIB
        ? bytes / MIB + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
  }
}
