package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.wrap.ChosenSamples;
import org.djlrunner.djl.data.wrap.Fold;
import org.djlrunner.djl.data.wrap.JoinedSamples;
import org.djlrunner.djl.data.wrap.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data sets that are made of others, which stand in {@code dataset} or {@code datasets}.
 */
final class WrapperFactories {
  /** Where the one data set of a wrapper stands. */
  static final String DATASET = "dataset";

  /** Where several of them stand. */
  static final String DATASETS = "datasets";

  /** The types that have either. */
  static final Set<String> TYPES =
      Set.of("RepeatDataset", "ConcatDataset", "ClassBalancedDataset", "Subset", "KFoldDataset");

  private WrapperFactories() {}

  static void register(Registry<DatasetSpec> datasets) {
    datasets
        .register("RepeatDataset", config -> repeat(config, datasets))
        .register("ConcatDataset", config -> concat(config, datasets))
        .register("ClassBalancedDataset", config -> balanced(config, datasets))
        .register("Subset", config -> subset(config, datasets))
        .register("KFoldDataset", config -> fold(config, datasets));
  }

  private interface Choice {
    int[] of(LabelledImages images);
  }

  private static DatasetSpec repeat(ConfigReader config, Registry<DatasetSpec> datasets) {
    int times = config.integer("times");
    config.require(times >= 1 || !config.has("times"), "times", "must be at least 1, got " + times);
    return chosen(
        config,
        datasets,
        size -> Repetition.count(size, times),
        images -> Repetition.times(size(images), times));
  }

  private static DatasetSpec balanced(ConfigReader config, Registry<DatasetSpec> datasets) {
    double threshold = config.number("oversample_thr");
    config.require(
        threshold > 0 || !config.has("oversample_thr"),
        "oversample_thr",
        "must be above 0, got " + threshold);
    return chosen(config, datasets, null, images -> Repetition.balanced(images, threshold));
  }

  private static DatasetSpec fold(ConfigReader config, Registry<DatasetSpec> datasets) {
    Long seed = config.has("seed") ? config.longInteger("seed", 0) : null;
    // Refused by the fold itself, at the path of this section.
    Fold fold = new Fold(config.integer("fold", 0), config.integer("num_splits", 5), seed);
    boolean held = config.bool("test_mode", false);
    return chosen(
        config,
        datasets,
        size -> fold.count(size, held),
        images -> fold.indices(size(images), held));
  }

  private static DatasetSpec subset(ConfigReader config, Registry<DatasetSpec> datasets) {
    List<Integer> range = config.integers("range", List.of());
    List<Integer> indices = config.integers("indices", List.of());
    config.require(
        config.has("range") != config.has("indices"),
        "indices",
        "expected either indices, a list, or range, [from, to] or [from, to, step]");
    boolean proper =
        (range.size() == 2 || range.size() == 3)
            && range.get(0) >= 0
            && range.get(1) > range.get(0)
            && (range.size() == 2 || range.get(2) > 0);
    config.require(
        proper || !config.has("range"),
        "range",
        "expected [from, to] or [from, to, step], to beyond from; got " + range);
    int[] chosen =
        proper
            ? IntStream.iterate(
                    range.get(0),
                    i -> i < range.get(1),
                    i -> i + (range.size() == 2 ? 1 : range.get(2)))
                .toArray()
            : indices.stream().mapToInt(Integer::intValue).toArray();
    return chosen(config, datasets, size -> chosen.length, images -> chosen);
  }

  private static DatasetSpec concat(ConfigReader config, Registry<DatasetSpec> datasets) {
    List<DatasetSpec> parts = new ArrayList<>();
    for (ConfigReader part : config.sections(DATASETS)) {
      parts.add(inner(part, datasets));
    }
    config.require(config.has(DATASETS), DATASETS, "missing; expected a list of data sets");
    config.require(
        !parts.isEmpty() || !config.has(DATASETS), DATASETS, "must list at least one data set");
    String path = config.path();
    return DatasetSpec.of(
        () -> joined(parts), () -> at(path, () -> JoinedSamples.of(opened(parts))));
  }

  private static List<LabelledImages> opened(List<DatasetSpec> parts) {
    List<LabelledImages> opened = new ArrayList<>();
    parts.forEach(part -> opened.add(part.open()));
    return opened;
  }

  private static Optional<DatasetOutline> joined(List<DatasetSpec> parts) {
    int size = 0;
    DatasetOutline any = null;
    for (DatasetSpec part : parts) {
      Optional<DatasetOutline> outline = part.outline();
      if (outline.isEmpty()) {
        return Optional.empty();
      }
      any = outline.get();
      size = Math.addExact(size, any.size());
    }
    return any == null
        ? Optional.empty()
        : Optional.of(new DatasetOutline(size, any.shape(), any.classes()));
  }

  /**
   * A wrapper of one data set.
   *
   * @param count how many samples are left of how many, null if that takes the labels
   */
  private static DatasetSpec chosen(
      ConfigReader config,
      Registry<DatasetSpec> datasets,
      @Nullable IntUnaryOperator count,
      Choice choice) {
    DatasetSpec inner = inner(config.section(DATASET), datasets);
    String path = config.path();
    return DatasetSpec.of(
        () -> at(path, () -> outline(inner, count)),
        () ->
            at(
                path,
                () -> {
                  LabelledImages images = inner.open();
                  return ChosenSamples.of(images, choice.of(images));
                }));
  }

  private static Optional<DatasetOutline> outline(
      DatasetSpec inner, @Nullable IntUnaryOperator count) {
    return count == null
        ? Optional.empty()
        : inner
            .outline()
            .map(
                all ->
                    new DatasetOutline(count.applyAsInt(all.size()), all.shape(), all.classes()));
  }

  private static DatasetSpec inner(ConfigReader section, Registry<DatasetSpec> datasets) {
    // Its pipeline is read by whoever reads the wrapper's.
    InnerPipeline.leave(section);
    return datasets
        .build(section)
        .orElse(
            () -> {
              throw new DataException("the config was refused");
            });
  }

  private static <T> T at(String path, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (IllegalArgumentException e) {
      ConfigErrors errors = new ConfigErrors();
      errors.add(path, null, String.valueOf(e.getMessage()));
      errors.throwIfAny();
      throw e;
    }
  }

  private static int size(LabelledImages images) {
    return Math.toIntExact(images.size());
  }
}
