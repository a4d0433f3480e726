package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.Progress;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files given to {@code resume} and {@code load_checkpoint}, against MMCV. */
@ExtendWith(VectorTally.class)
class CheckpointFileVectorsTest {
  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("errors/checkpoint_files.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("K21 what is no checkpoint of this run is refused, what is one is gone on from")
  void accepts(Case c) {
    Optional<String> deviation = deviation(c);
    boolean refused = !c.at("raises").isNull();
    if (deviation.isEmpty()) {
      c.equal(() -> assertOutcome(c, refused));
    } else {
      boolean always = deviation.get().startsWith("a refused");
      c.deviation(deviation.get(), () -> assertOutcome(c, always || !refused));
    }
  }

  private static Optional<String> deviation(Case c) {
    if (c.at("raises").isNull() && !hasWeights(c)) {
      return Optional.of("Q-R18");
    }
    if (c.at("keywords").has("map_location") && !c.at("raises").isNull()) {
      return Optional.of("Q-R20");
    }
    return !c.at("raises").isNull() && c.at("epoch").asInt() > 0
        ? Optional.of("a refused checkpoint changes nothing, no counters either")
        : Optional.empty();
  }

  private static boolean hasWeights(Case c) {
    return c.at("checkpoint").path("state_dict").asText().equals("<of the model>");
  }

  private void assertOutcome(Case c, boolean refused) throws IOException {
    try (DjlModelStep<ImageBatch> saved = model(1);
        DjlModelStep<ImageBatch> other = model(2);
        Sgd sgd = sgd(other, GroupSpec.all())) {
      Path file = file(c, saved);
      float[] before = other.arena().master().toFloatArray();
      if (refused) {
        assertThatThrownBy(() -> open(c, file, other, sgd))
            .isInstanceOfAny(IOException.class, CheckpointException.class)
            .hasMessageContaining(file.getFileName().toString());
        assertThat(other.arena().master().toFloatArray()).isEqualTo(before);
      } else {
        Progress progress = open(c, file, other, sgd);
        assertThat(other.arena().master().toFloatArray())
            .isEqualTo(saved.arena().master().toFloatArray());
        JsonNode meta = c.at("checkpoint").path("meta");
        assertThat(progress.epoch()).isEqualTo(meta.path("epoch").asInt());
        assertThat(progress.iter()).isEqualTo(meta.path("iter").asInt());
      }
    }
  }

  /** Loads or resumes, where a resumed run has nothing left to do. */
  private static Progress open(Case c, Path file, DjlModelStep<ImageBatch> model, Sgd sgd)
      throws IOException {
    if (c.at("method").asText().equals("load_checkpoint")) {
      new DjlCheckpointCodec(model).loadWeights(file);
      return Progress.START;
    }
    Runner<ImageBatch> runner =
        c.at("runner").asText().equals("EpochBasedRunner")
            ? DjlRunners.epochBased(model, sgd, 2).resume(file).build()
            : DjlRunners.iterBased(model, sgd, 5).resume(file).build();
    ListLoader<ImageBatch> never =
        new ListLoader<>(
            List.of(
                () -> {
                  throw new AssertionError("it has nothing left to train");
                }));
    return runner.run(List.of(never), Workflow.training()).progress();
  }

  private Path file(Case c, DjlModelStep<ImageBatch> model) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    JsonNode content = c.at("checkpoint");
    if (content.asText().equals("<no file>")) {
      return file;
    }
    if (content.asText().equals("<directory>")) {
      return Files.createDirectory(file);
    }
    if (!content.isObject()) {
      return Files.writeString(file, content.toString());
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    if (hasWeights(c)) {
      write(file, content.path("optimizer").asText(), model);
      SafetensorsReader whole = SafetensorsReader.open(file);
      tensors.putAll(whole.tensors());
      metadata.putAll(whole.metadata());
      Files.delete(file);
    }
    metadata.remove(DjlCheckpointCodec.META);
    if (content.has("meta")) {
      metadata.put(DjlCheckpointCodec.META, content.path("meta").toString());
    }
    if (content.path("optimizer").isObject()) {
      metadata.put(OptimizerText.META, "{}");
    }
    Safetensors.write(file, tensors, metadata);
    return file;
  }

  private static void write(Path file, String optimizer, DjlModelStep<ImageBatch> model)
      throws IOException {
    List<GroupSpec> groups =
        optimizer.equals("<two groups>")
            ? List.of(
                new GroupSpec("biases", name -> name.endsWith("bias"), Map.of()),
                new GroupSpec("others", name -> !name.endsWith("bias"), Map.of()))
            : GroupSpec.all();
    try (Sgd sgd = sgd(model, groups);
        CheckpointCodec.Capture capture =
            new DjlCheckpointCodec(model)
                .capture(optimizer.isEmpty() ? Map.of() : Map.of("default", sgd))) {
      capture.write(file, Map.of());
    }
  }

  private static Sgd sgd(DjlModelStep<?> model, List<GroupSpec> groups) {
    return new Sgd(model.arena(), SgdOptions.lr(0.1), groups, model.scalars());
  }

  private static DjlModelStep<ImageBatch> model(long seed) {
    LeNet5 network = new LeNet5(10);
    return new DjlModelStep<>(
        network, CrossEntropyLoss.hard(), Device.cpu(), seed, network.inputShape());
  }
}
