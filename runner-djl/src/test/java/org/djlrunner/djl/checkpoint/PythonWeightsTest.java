package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.spi.WeightLoading;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that Python saved, of a network that was wrapped for several GPUs there. */
@DisplayName("K25 K26 weights from Python")
class PythonWeightsTest {
  /**
   * What Python's safetensors 0.8.0 made of {@code module.0} and {@code module.1}, a linear layer
   * with float16 weights and a normalisation with its statistics and its count of batches.
   */
  private static final String PYTHON =
      "+AEAAAAAAAB7Im1vZHVsZS4xLm51bV9iYXRjaGVzX3RyYWNrZWQiOnsiZHR5cGUiOiJJNjQiLCJz"
          + "aGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJtb2R1bGUuMC5iaWFzIjp7ImR0eXBlIjoi"
          + "RjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbOCwxNl19LCJtb2R1bGUuMS5iaWFzIjp7"
          + "ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjRdfSwibW9kdWxl"
          + "LjEucnVubmluZ19tZWFuIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRz"
          + "IjpbMjQsMzJdfSwibW9kdWxlLjEucnVubmluZ192YXIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6"
          + "WzJdLCJkYXRhX29mZnNldHMiOlszMiw0MF19LCJtb2R1bGUuMS53ZWlnaHQiOnsiZHR5cGUiOiJG"
          + "MzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0MCw0OF19LCJtb2R1bGUuMC53ZWlnaHQi"
          + "OnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzIsNF0sImRhdGFfb2Zmc2V0cyI6WzQ4LDY0XX19ICAH"
          + "AAAAAAAAAAAAgD8AAIC/AACAPgAAAD8AAEBAAACAQAAAoEAAAMBAAADAPwAAAEAAAAA0ADgAOgA8"
          + "AD0APgA/";

  @TempDir private Path folder;

  private Path file() throws IOException {
    return Files.write(folder.resolve("python.safetensors"), Base64.getDecoder().decode(PYTHON));
  }

  private static DjlModelStep<ImageBatch> model(int inputs) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(2).build())
            .add(BatchNorm.builder().build());
    return new DjlModelStep<>(
        block, Loss.softmaxCrossEntropyLoss(), Device.cpu(), 1, new Shape(1, inputs));
  }

  private static float[] values(DjlModelStep<?> model, String name) {
    return Objects.requireNonNull(ParameterNames.of(model.block()).get(name))
        .getArray()
        .toFloatArray();
  }

  @Test
  void areLoadedWhole() throws IOException {
    try (DjlModelStep<ImageBatch> model = model(4)) {
      new DjlCheckpointCodec(model).loadWeights(file());
      assertThat(values(model, "0.weight"))
          .containsExactly(0, 0.25f, 0.5f, 0.75f, 1, 1.25f, 1.5f, 1.75f);
      assertThat(values(model, "0.bias")).containsExactly(1, -1);
      assertThat(values(model, "1.weight")).containsExactly(1.5f, 2);
      assertThat(values(model, "1.running_mean")).containsExactly(3, 4);
      assertThat(values(model, "1.running_var")).containsExactly(5, 6);
    }
  }

  @Test
  void ofAnotherShapeAreRefusedOrPassedOver() throws IOException {
    Path file = file();
    try (DjlModelStep<ImageBatch> model = model(3)) {
      float[] before = values(model, "0.weight");
      String misfit =
          "0.weight (module.0.weight in the file) is (2, 4) float32, the model has (2, 3) float32";
      DjlCheckpointCodec codec = new DjlCheckpointCodec(model);
      assertThatThrownBy(() -> codec.loadWeights(file)).hasMessageContaining(misfit);
      assertThat(values(model, "1.weight")).containsExactly(1, 1);
      assertThat(codec.loadWeights(file, WeightLoading.LENIENT)).isEqualTo(List.of(misfit));
      assertThat(values(model, "0.weight")).isEqualTo(before);
      assertThat(values(model, "1.weight")).containsExactly(1.5f, 2);
    }
  }

  @Test
  void areNoStateOfARun() throws IOException {
    Path file = file();
    try (DjlModelStep<ImageBatch> model = model(4)) {
      assertThatThrownBy(() -> new DjlCheckpointCodec(model).readMeta(file))
          .hasMessageContaining("load_from begins a run with weights");
    }
  }
}
