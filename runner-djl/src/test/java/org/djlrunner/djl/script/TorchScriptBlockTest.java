package org.djlrunner.djl.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.optim.BlockModules;
import org.djlrunner.djl.optim.ModuleKind;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchScriptBlockTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("T08 buffers are saved and loaded with the weights, and no optimizer sees them")
  void buffers() throws IOException {
    Path file = folder.resolve("trained.safetensors");
    TorchScriptBlock trained = ExportedNetworks.load("normed.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(trained, Compile.AUTO);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      Steps.train(model, sgd, ExportedNetworks.batch(model.manager()));
      new DjlCheckpointCodec(trained).write(file, Map.of());
      assertThat(model.arena().names()).noneMatch(name -> name.contains("running_"));

      TorchScriptBlock other = ExportedNetworks.load("normed.pt");
      try (DjlModelStep<ArrayBatch> second = ExportedNetworks.model(other, Compile.AUTO)) {
        new DjlCheckpointCodec(other).load(file);
        assertThat(ParameterNames.of(other)).containsOnlyKeys(ParameterNames.of(trained).keySet());
        ParameterNames.of(trained)
            .forEach(
                (name, parameter) ->
                    assertThat(tensor(other, name)).as(name).isEqualTo(parameter.getArray()));
        assertThat(tensor(other, "features.1.num_batches_tracked").toLongArray())
            .containsExactly(1);
        assertThat(second.arena().size()).isEqualTo(model.arena().size());
      }
    }
  }

  @Test
  @DisplayName("T09 modules have their kind in Python, so that rules for parameters hold")
  void kinds() {
    TorchScriptBlock block = ExportedNetworks.load("normed.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, Compile.AUTO)) {
      Map<String, ModuleKind> kinds = new LinkedHashMap<>();
      BlockModules.of(model.block()).forEach(module -> kinds.put(module.path(), module.kind()));
      assertThat(kinds)
          .containsEntry("features.0", ModuleKind.CONV2D)
          .containsEntry("features.1", ModuleKind.NORM)
          .containsEntry("features.3", ModuleKind.DEPTHWISE_CONV2D)
          .containsEntry("features.4", ModuleKind.NORM)
          .containsEntry("fc", ModuleKind.OTHER);
    }
  }

  @Test
  @DisplayName("T10 the shape of the output is known before the weights are loaded")
  void outputShape() {
    TorchScriptBlock block = ExportedNetworks.load("normed.pt");
    assertThat(block.getOutputShapes(new Shape[] {new Shape(7, 3, 8, 8)}))
        .containsExactly(new Shape(7, 5));
    assertThatThrownBy(() -> block.getOutputShapes(new Shape[] {new Shape(7, 1, 8, 8)}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("normed.pt can't take inputs [(7, 1, 8, 8)]")
        .hasMessageContaining("expected input")
        .hasMessageNotContainingAny("\n", "Traceback");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          frozen.pt         | holds no parameters, as after torch.jit.freeze
          weights_only.pt   | holds no TorchScript code, as a file of weights from torch.save does
          dictionary.pt     | forward returns Dict[str, Tensor], but a network returns an array
          make_models.py    | is no TorchScript archive; export the model in Python with torch.jit
          """)
  @DisplayName("T11 a file that can't be trained is refused with what to do")
  void refused(String name, String reason) {
    assertThatThrownBy(() -> TorchScriptBlock.load(ExportedNetworks.file(name)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(reason);
  }

  @Test
  @DisplayName("T11 DJL's own block for such files is refused, for it would train nothing")
  void symbolBlock() throws IOException {
    try (Model model = Model.newInstance("normed", Device.cpu(), "PyTorch")) {
      Path file = ExportedNetworks.file("normed.pt");
      model.load(file.getParent(), "normed");
      assertThatThrownBy(() -> ParameterArena.of(model.getBlock(), model.getNDManager()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("load the file with TorchScriptBlock.load(path)");
    } catch (MalformedModelException e) {
      throw new IOException(e);
    }
  }

  @Test
  @DisplayName("T11 a file that is missing or cut off is refused")
  void missing() throws IOException {
    Path file = folder.resolve("cut.pt");
    assertThatThrownBy(() -> TorchScriptBlock.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.pt does not exist");
    byte[] whole = Files.readAllBytes(ExportedNetworks.file("normed.pt"));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> TorchScriptBlock.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no TorchScript archive");
  }

  private static NDArray tensor(TorchScriptBlock block, String name) {
    return Objects.requireNonNull(ParameterNames.of(block).get(name)).getArray();
  }
}
