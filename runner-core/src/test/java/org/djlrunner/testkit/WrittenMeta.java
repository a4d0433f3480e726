package org.djlrunner.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.WeightLoading;

/** A codec without a model: what it writes is made of the meta data, and nothing is read back. */
@FunctionalInterface
public interface WrittenMeta extends CheckpointCodec {
  /** Writes a file. */
  void write(Path file, Map<String, ?> meta) throws IOException;

  @Override
  default String extension() {
    return "txt";
  }

  @Override
  default Capture capture(Map<String, Optimizer> optimizers) {
    return new Capture() {
      @Override
      public void write(Path file, Map<String, ?> meta) throws IOException {
        WrittenMeta.this.write(file, meta);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  default Map<String, Object> readMeta(Path file) throws IOException {
    throw new IOException("nothing can be read from " + file);
  }

  @Override
  default void verify(Path file) throws IOException {
    readMeta(file);
  }

  @Override
  default List<String> loadWeights(Path file, WeightLoading loading) throws IOException {
    readMeta(file);
    return List.of();
  }

  @Override
  default List<String> restore(
      Path file, Map<String, Optimizer> optimizers, boolean hyperparameters) throws IOException {
    readMeta(file);
    return List.of();
  }
}
