package org.djlrunner.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import org.djlrunner.spi.CheckpointCodec;

/** A codec that has nothing to write. */
final class NoWorkCodec implements CheckpointCodec {
  @Override
  public String extension() {
    return "none";
  }

  @Override
  public void write(Path file, Map<String, ?> meta) {}
}
