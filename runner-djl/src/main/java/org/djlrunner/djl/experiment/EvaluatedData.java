package org.djlrunner.djl.experiment;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.metric.ClassificationMetrics;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.EvaluationPass;
import org.jspecify.annotations.Nullable;

/** The data sets of a run's evaluations and val flows, by name; closes their loaders. */
final class EvaluatedData implements AutoCloseable {
  private final Map<String, ImageLoader> loaders;
  private final List<String> classes;

  private EvaluatedData(Map<String, ImageLoader> loaders, List<String> classes) {
    this.loaders = loaders;
    this.classes = classes;
  }

  /** Opens what the run evaluates on. */
  static Map<String, PreparedImages> open(
      ExperimentSpec spec, Function<DatasetSpec, LabelledImages> opening) {
    Map<String, PreparedImages> opened = new LinkedHashMap<>();
    spec.evaluatedData()
        .forEach(
            name -> {
              DataSection.Part part = spec.data().part(name);
              opened.put(name, part.prepared(opening.apply(part.dataset())));
            });
    return opened;
  }

  /**
   * Makes a loader for each.
   *
   * @param classes the names of the classes, the same for all
   */
  static EvaluatedData load(
      ExperimentSpec spec,
      Map<String, PreparedImages> opened,
      List<String> classes,
      DjlModelStep<ImageBatch> model) {
    Map<String, ImageLoader> loaders = new LinkedHashMap<>();
    opened.forEach(
        (name, data) -> loaders.put(name, Training.loader(spec.data().part(name), data, model)));
    return new EvaluatedData(loaders, classes);
  }

  /** What the config wants to know of a data set: by its own evaluation, else by the first. */
  static Optional<ClassificationMetrics> metricsOf(ExperimentSpec spec, String data) {
    return spec.evaluations().stream()
        .filter(evaluation -> evaluation.data().equals(data))
        .findFirst()
        .or(() -> spec.evaluations().stream().findFirst())
        .map(EvaluationSection::metrics);
  }

  /** Refuses a k above the number of classes, with its key. */
  static void checkMetrics(ExperimentSpec spec, Shape logits) {
    long classes = logits.get(logits.dimension() - 1);
    for (EvaluationSection evaluation : spec.evaluations()) {
      List<Integer> topk = evaluation.metrics().topk();
      Training.atPath(
          evaluation.path() + ".metric_options.topk",
          () -> {
            if (topk.stream().anyMatch(k -> k > classes)) {
              throw new IllegalArgumentException(
                  topk + " asks for more than the model's " + classes + " classes");
            }
            return topk;
          });
    }
  }

  /** The hook of an evaluation. */
  EvalHook<ImageBatch> hook(EvaluationSection evaluation, DjlModelStep<ImageBatch> model) {
    return new EvalHook<>(
        evaluation.name(),
        new EvaluationPass<>(
            model,
            loader(evaluation.data()),
            () -> model.beginEvaluation(evaluation.metrics(), classes)),
        evaluation.schedule());
  }

  /** The loader of a data set that the run evaluates on. */
  ImageLoader loader(String name) {
    return Objects.requireNonNull(loaders.get(name), name);
  }

  /** The loader of the validation data, null if there is none. */
  @Nullable ImageLoader val() {
    return loaders.get(DataSection.VAL);
  }

  /** Visits name and loader of each. */
  void forEach(BiConsumer<String, ImageLoader> visitor) {
    loaders.forEach(visitor);
  }

  /** Closes each, also when another fails. */
  @Override
  public void close() {
    closeFrom(List.copyOf(loaders.values()), 0);
  }

  private static void closeFrom(List<ImageLoader> open, int first) {
    if (first < open.size()) {
      try (ImageLoader loader = open.get(first)) {
        closeFrom(open, first + 1);
      }
    }
  }
}
