package org.djlrunner.spi;

import java.util.OptionalLong;

/** How an engine tells the memory in use on its device; asked at log points only. */
@FunctionalInterface
public interface MemoryGauge {
  /** Bytes in use on the device, empty where the engine doesn't know. */
  OptionalLong usedBytes();
}
