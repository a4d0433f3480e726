package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.RequiresGpu;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint knows no device. */
@RequiresGpu
class CheckpointAcrossDevicesTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"gpu, cpu", "cpu, gpu"})
  @DisplayName("K03 G01 weights come back bit for bit, and train on to the same losses")
  void comesBack(String from, String to) throws IOException {
    Path file = folder.resolve("model.safetensors");
    try (DjlModelStep<ArrayBatch> saved = model(from, 1);
        DjlModelStep<ArrayBatch> loaded = model(to, 2);
        Sgd before = new Sgd(saved.arena(), SgdOptions.lr(0.05), saved.scalars());
        Sgd after = new Sgd(loaded.arena(), SgdOptions.lr(0.05), loaded.scalars())) {
      for (int i = 0; i < 3; i++) {
        train(saved, before, i);
        saved.average().update(0.5);
      }
      new DjlCheckpointCodec(saved).write(file, Map.of());

      new DjlCheckpointCodec(loaded.block()).load(file);

      assertThat(values(loaded.block()))
          .usingRecursiveComparison()
          .isEqualTo(values(saved.block()));
      assertThat(loss(Steps.validate(loaded, batch(loaded, 9))))
          .isCloseTo(loss(Steps.validate(saved, batch(saved, 9))), within(1e-4));
      for (int i = 3; i < 6; i++) {
        assertThat(train(loaded, after, i)).isCloseTo(train(saved, before, i), within(1e-4));
      }
    }
  }

  private static DjlModelStep<ArrayBatch> model(String device, long seed) {
    return new DjlModelStep<>(
        Networks.normed(false),
        CrossEntropyLoss.hard(),
        device.equals("gpu") ? Device.gpu() : Device.cpu(),
        seed,
        Networks.normedInput());
  }

  private static ArrayBatch batch(DjlModelStep<?> model, long seed) {
    return Networks.batch(model.manager(), 16, Networks.normedInput(), seed);
  }

  private static double train(DjlModelStep<ArrayBatch> model, Sgd sgd, long seed) {
    return Steps.train(model, sgd, batch(model, seed));
  }

  private static double loss(Map<String, Double> logVars) {
    return Objects.requireNonNull(logVars.get("loss"));
  }

  private static Map<String, float[]> values(Block block) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach((name, parameter) -> values.put(name, parameter.getArray().toFloatArray()));
    return values;
  }
}
