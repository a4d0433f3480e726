package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files given to {@code resume} and {@code load_checkpoint}, against MMCV, as far as loading goes:
 * counters and optimizer state come with resuming, which is planned.
 */
@ExtendWith(VectorTally.class)
class CheckpointFileVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("errors/checkpoint_files.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("K04 what is no checkpoint is refused, weights that fit are loaded")
  void loads(Case c) {
    boolean loads = isCheckpoint(c) && hasWeights(c);
    boolean whole = !isCheckpoint(c) || c.at("method").asText().equals("load_checkpoint");
    if (whole && loads == c.at("raises").isNull()) {
      c.equal(() -> assertLoaded(c, loads));
    } else {
      c.deviation(whole ? "Q-R18" : "resuming is planned", () -> assertLoaded(c, loads));
    }
  }

  /** Whether the file holds a mapping at all. */
  private static boolean isCheckpoint(Case c) {
    return c.at("checkpoint").isObject();
  }

  private static boolean hasWeights(Case c) {
    return c.at("checkpoint").path("state_dict").asText().equals("<of the model>");
  }

  private void assertLoaded(Case c, boolean loads) throws IOException {
    try (DjlModelStep<ImageBatch> saved = model(1);
        DjlModelStep<ImageBatch> other = model(2)) {
      Path file = file(c, saved);
      float[] before = other.arena().master().toFloatArray();
      DjlCheckpointCodec codec = new DjlCheckpointCodec(other.block());
      if (loads) {
        codec.load(file);
        assertThat(other.arena().master().toFloatArray())
            .isEqualTo(saved.arena().master().toFloatArray());
      } else {
        assertThatThrownBy(() -> codec.load(file)).isInstanceOf(IOException.class);
        assertThat(other.arena().master().toFloatArray()).isEqualTo(before);
      }
    }
  }

  private Path file(Case c, DjlModelStep<ImageBatch> model) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    JsonNode content = c.at("checkpoint");
    switch (content.asText()) {
      case "<no file>" -> {
        return file;
      }
      case "<directory>" -> {
        return Files.createDirectory(file);
      }
      default -> {
        Map<String, Object> meta =
            JSON.convertValue(
                content.path("meta").isObject() ? content.path("meta") : JSON.createObjectNode(),
                new TypeReference<>() {});
        if (hasWeights(c)) {
          new DjlCheckpointCodec(model.block()).write(file, meta);
        } else if (content.isObject()) {
          Safetensors.write(file, Map.of(), Map.of());
        } else {
          Files.writeString(file, content.toString());
        }
        return file;
      }
    }
  }

  private static DjlModelStep<ImageBatch> model(long seed) {
    LeNet5 network = new LeNet5(10);
    return new DjlModelStep<>(
        network, CrossEntropyLoss.hard(), Device.cpu(), seed, network.inputShape());
  }
}
