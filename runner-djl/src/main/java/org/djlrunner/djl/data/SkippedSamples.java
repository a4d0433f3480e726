package org.djlrunner.djl.data;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the user of samples that are skipped, each once, and counts them. */
final class SkippedSamples {
  private static final Logger log = LoggerFactory.getLogger(SkippedSamples.class);

  private final Set<Integer> known = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();

  /** A sample was skipped, maybe not for the first time. */
  void count(int index, DataException reason) {
    if (known.add(index)) {
      log.warn(
          "skipped (number {}): {}; the next sample takes its place",
          count.incrementAndGet(),
          reason.getMessage());
    }
  }
}
