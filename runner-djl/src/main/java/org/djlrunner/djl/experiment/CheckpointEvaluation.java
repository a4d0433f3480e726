package org.djlrunner.djl.experiment;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.Progress;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.config.ConfigException;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.metric.ClassificationMetrics;
import org.djlrunner.hook.EvaluationPass;
import org.djlrunner.spi.StepContext;

/** Evaluates a checkpoint's weights on one of a config's data sets; trains nothing. */
final class CheckpointEvaluation {
  private final ExperimentSpec spec;
  private final String data;

  /**
   * An evaluation on a data set.
   *
   * @param wish its name; empty for {@code test}, and where there is none {@code val}
   * @throws ConfigException if the config has no such data set
   */
  CheckpointEvaluation(ExperimentSpec spec, Optional<String> wish) {
    this.spec = spec;
    Map<String, DataSection.Part> there = spec.data().evaluated();
    this.data =
        wish.orElse(there.containsKey(DataSection.TEST) ? DataSection.TEST : DataSection.VAL);
    if (!there.containsKey(data)) {
      List<String> names = new ArrayList<>(there.keySet());
      throw new ConfigException(
          List.of(
              "data."
                  + data
                  + ": missing, so there is nothing to evaluate on"
                  + NearNames.suggestion(data, names)
                  + (names.isEmpty() ? "" : "; there are " + String.join(", ", names))));
    }
  }

  /**
   * Loads the weights and goes over the data.
   *
   * @param checkpoint a file, or a run's folder for its latest
   * @throws IOException if the checkpoint can't be read or doesn't fit the model
   */
  TestedCheckpoint run(Path checkpoint) throws IOException {
    Path file = CheckpointStore.meantBy(checkpoint);
    DeviceChoice device = Training.atPath("device", () -> DeviceChoice.of(spec.device()));
    DataSection.Part part = spec.data().part(data);
    PreparedImages dataset = part.prepared(part.dataset().open());
    Shape input =
        new Shape(1, dataset.shape().channels(), dataset.shape().height(), dataset.shape().width());
    Block block = Training.atPath("model", () -> spec.model().create(dataset.shape()));
    Shape logits = Training.atPath("model", () -> block.getOutputShapes(new Shape[] {input})[0]);
    EvaluatedData.checkMetrics(spec, logits);
    ClassificationMetrics metrics =
        EvaluatedData.metricsOf(spec, data).orElseGet(() -> ClassificationMetrics.accuracy(1));
    try (DjlModelStep<ImageBatch> model =
            Training.atPath(
                "model",
                () ->
                    new DjlModelStep<>(
                        block,
                        spec.loss().create(),
                        device.device(),
                        spec.seed(),
                        input,
                        spec.step().on(device.device())));
        ImageLoader loader = Training.loader(part, dataset, model)) {
      DataFit.check(spec.data(), data, dataset, logits);
      new DjlCheckpointCodec(model.block()).loadWeights(file);
      EvaluationPass<ImageBatch> pass =
          new EvaluationPass<>(
              model, loader, () -> model.beginEvaluation(metrics, dataset.classes()));
      return new TestedCheckpoint(
          file, data, loader.samples(), pass.run(new StepContext(Progress.START, Map.of())));
    }
  }
}
