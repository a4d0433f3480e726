package org.djlrunner.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.WeightLoading;

/** A codec that has nothing to write. */
final class NoWorkCodec implements CheckpointCodec {
  private static final Capture NOTHING =
      new Capture() {
        @Override
        public void write(Path file, Map<String, ?> meta) {}

        @Override
        public void close() {}
      };

  @Override
  public String extension() {
    return "none";
  }

  @Override
  public Capture capture(Map<String, Optimizer> optimizers) {
    return NOTHING;
  }

  @Override
  public Map<String, Object> readMeta(Path file) {
    return Map.of();
  }

  @Override
  public void verify(Path file) {}

  @Override
  public List<String> loadWeights(Path file, WeightLoading loading) {
    return List.of();
  }

  @Override
  public List<String> restore(
      Path file, Map<String, Optimizer> optimizers, boolean hyperparameters) {
    return List.of();
  }
}
