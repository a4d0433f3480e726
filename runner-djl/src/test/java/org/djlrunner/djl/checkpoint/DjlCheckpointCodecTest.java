package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.vision.LeNet5;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A block's weights go to a file under PyTorch's names and come back exactly, or not at all. */
@DisplayName("K03 K04 djl checkpoint codec")
class DjlCheckpointCodecTest {
  private static final List<String> NAMES =
      List.of(
          "conv1.weight",
          "conv1.bias",
          "conv2.weight",
          "conv2.bias",
          "fc1.weight",
          "fc1.bias",
          "fc2.weight",
          "fc2.bias",
          "fc3.weight",
          "fc3.bias");

  @TempDir private Path folder;

  @Test
  void weightsComeBackExactlyIntoAnotherModel() throws IOException {
    Path file = folder.resolve("lenet.safetensors");
    try (DjlModelStep<ImageBatch> saved = leNet(1);
        DjlModelStep<ImageBatch> other = leNet(2)) {
      new DjlCheckpointCodec(saved.block()).write(file, Map.of("epoch", 3));
      assertThat(values(other.block())).isNotEqualTo(values(saved.block()));

      new DjlCheckpointCodec(other.block()).load(file);

      assertThat(values(other.block())).isEqualTo(values(saved.block()));
      assertThat(other.arena().master().toFloatArray())
          .isEqualTo(saved.arena().master().toFloatArray());
    }
  }

  @Test
  void tensorsHaveTorchvisionNamesAndShapesAndRowMajorOrder() throws IOException {
    Path file = folder.resolve("lenet.safetensors");
    try (DjlModelStep<ImageBatch> model = leNet(1)) {
      new DjlCheckpointCodec(model.block()).write(file, Map.of());

      Map<String, Tensor> tensors = SafetensorsReader.open(file).tensors();
      assertThat(tensors.keySet()).containsExactlyElementsOf(NAMES);
      Tensor conv2 = Objects.requireNonNull(tensors.get("conv2.weight"));
      assertThat(conv2.shape()).isEqualTo(new Shape(16, 6, 5, 5));
      // Element [o, i, h, w] of the network lies at the row-major place of the file.
      Parameter weight =
          Objects.requireNonNull(ParameterNames.of(model.block()).get("conv2.weight"));
      for (long[] at : new long[][] {{0, 0, 0, 1}, {0, 1, 0, 0}, {7, 3, 2, 4}, {15, 5, 4, 4}}) {
        int index = (int) (((at[0] * 6 + at[1]) * 5 + at[2]) * 5 + at[3]);
        assertThat(conv2.data().order(ByteOrder.LITTLE_ENDIAN).getFloat(index * 4))
            .isEqualTo(weight.getArray().getFloat(at));
      }
    }
  }

  @Test
  void runningStatisticsAreSavedAndRestored() throws IOException {
    Path file = folder.resolve("norm.safetensors");
    Shape input = new Shape(1, 4);
    try (DjlModelStep<ImageBatch> saved = model(normed(), 1, input);
        DjlModelStep<ImageBatch> other = model(normed(), 2, input)) {
      Parameter mean =
          Objects.requireNonNull(ParameterNames.of(saved.block()).get("1.running_mean"));
      mean.getArray().addi(0.5f);
      new DjlCheckpointCodec(saved.block()).write(file, Map.of());

      new DjlCheckpointCodec(other.block()).load(file);

      assertThat(values(other.block())).isEqualTo(values(saved.block()));
      assertThat(values(other.block()).get("1.running_mean")).containsOnly(0.5f);
    }
  }

  @Test
  void theDescriptionOfTheRunIsTheMetadata() throws IOException {
    Path file = folder.resolve("lenet.safetensors");
    try (DjlModelStep<ImageBatch> model = leNet(1)) {
      new DjlCheckpointCodec(model.block())
          .write(file, Map.of("epoch", 3, "list", List.of(1, 2.5)));

      Map<String, String> metadata = SafetensorsReader.open(file).metadata();
      assertThat(metadata).containsEntry("format", "pt");
      assertThat(Safetensors.JSON.readTree(metadata.get(DjlCheckpointCodec.META)))
          .isEqualTo(Safetensors.JSON.readTree("{\"epoch\": 3, \"list\": [1, 2.5]}"));
    }
  }

  @Test
  void allThatDoesNotFitIsListedAndNothingChanged() throws IOException {
    Path file = folder.resolve("other.safetensors");
    try (DjlModelStep<ImageBatch> model = leNet(1)) {
      new DjlCheckpointCodec(model.block()).write(file, Map.of());
      Map<String, Tensor> tensors = new LinkedHashMap<>(SafetensorsReader.open(file).tensors());
      tensors.remove("conv1.bias");
      tensors.put("fc3.weight", zeros(DataType.FLOAT32, new Shape(7, 84)));
      tensors.put("fc3.bias", zeros(DataType.INT64, new Shape(10)));
      tensors.put("fc4.bias", zeros(DataType.FLOAT32, new Shape(1)));
      Path misfit = folder.resolve("misfit.safetensors");
      Safetensors.write(misfit, tensors, Map.of());
      model.arena().master().addi(1);
      Map<String, List<Float>> before = values(model.block());

      assertThatThrownBy(() -> new DjlCheckpointCodec(model.block()).load(misfit))
          .isInstanceOf(IOException.class)
          .hasMessage(
              misfit
                  + " doesn't fit the model:\n"
                  + "  - missing: conv1.bias (6) float32\n"
                  + "  - fc3.weight is (7, 84) float32, the model has (10, 84) float32\n"
                  + "  - fc3.bias is (10) int64, the model has (10) float32\n"
                  + "  - unexpected: fc4.bias");
      assertThat(values(model.block())).isEqualTo(before);
    }
  }

  private static DjlModelStep<ImageBatch> leNet(long seed) {
    LeNet5 network = new LeNet5(10);
    return model(network, seed, network.inputShape());
  }

  private static Block normed() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(3).build())
        .add(BatchNorm.builder().build());
  }

  private static DjlModelStep<ImageBatch> model(Block block, long seed, Shape input) {
    return new DjlModelStep<>(block, Loss.softmaxCrossEntropyLoss(), Device.cpu(), seed, input);
  }

  private static Tensor zeros(DataType type, Shape shape) {
    return new Tensor(type, shape, ByteBuffer.allocate((int) shape.size() * type.getNumOfBytes()));
  }

  private static Map<String, List<Float>> values(Block block) {
    Map<String, List<Float>> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              List<Float> elements = new ArrayList<>();
              for (float value : parameter.getArray().toFloatArray()) {
                elements.add(value);
              }
              values.put(name, elements);
            });
    return values;
  }
}
