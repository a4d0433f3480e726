package org.djlrunner.djl.experiment;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.BatchMix;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.OnError;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.data.sampler.SamplerSpec;
import org.djlrunner.djl.data.transform.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * The config's {@code data}: what is loaded for training and for evaluations, and how.
 *
 * @param train what {@code train} flows load
 * @param evaluated the other data sets by name, those that are there
 */
record DataSection(Part train, Map<String, Part> evaluated) {
  /** What {@code val} flows, and evaluations that name no data set, load. */
  static final String VAL = "val";

  /** What {@code test} flows and the command {@code test} load. */
  static final String TEST = "test";

  /**
   * One data set and its loader.
   *
   * @param path where it stands in the config
   * @param dataset the data set
   * @param pipeline what its images go through
   * @param onError what becomes of samples that can't be read
   * @param mix what mixes a batch's images, null for nothing
   * @param loader how its batches are made
   */
  record Part(
      String path,
      DatasetSpec dataset,
      Pipeline pipeline,
      OnError onError,
      @Nullable BatchMix mix,
      LoaderOptions loader) {
    /**
     * A data set of this part's, opened or not, with all that is done to its images.
     *
     * @throws org.djlrunner.config.ConfigException if the images come out of different sizes, or
     *     are to be kept on the device and can't be
     */
    PreparedImages prepared(LabelledImages images) {
      PreparedImages prepared =
          PreparedImages.of(images, pipeline, loader.seed()).on(onError).mixedBy(mix);
      Training.atPath(path + ".pipeline", prepared::shape);
      if (loader.cached()) {
        Training.atPath(path + "." + CACHE, prepared::cacheable);
      }
      return prepared;
    }
  }

  /** Keys of a data set's own section that are not options of its type. */
  private static final String ON_ERROR = "on_error";

  private static final String CACHE = "cache";

  private static final String SAMPLER = "sampler";

  /** Where a data set is kept. */
  private enum Cache {
    /** Wherever it keeps itself; each batch is assembled on the host. */
    NONE,
    /** On the model's device, all of it. */
    DEVICE
  }

  /**
   * Reads it.
   *
   * @param names the data sets that evaluations name; {@code val} and {@code test} may be there
   *     anyway. Each takes the settings of its own {@code NAME_dataloader}, else of {@code
   *     val_dataloader}
   */
  static Optional<DataSection> read(
      ConfigReader data, Components components, long seed, Collection<String> names) {
    LoaderDefaults defaults = LoaderDefaults.read(data);
    LoaderOptions trainLoader =
        defaults.options(data.optionalSection("train_dataloader"), seed, true);
    LoaderOptions valLoader = defaults.options(data.optionalSection("val_dataloader"), seed, false);
    Optional<Part> train = part(data.section("train"), components, trainLoader, true);
    Set<String> all = new LinkedHashSet<>(List.of(VAL, TEST));
    all.addAll(names);
    all.remove("train");
    Map<String, Part> evaluated = new LinkedHashMap<>();
    for (String name : all) {
      LoaderOptions loader =
          name.equals(VAL)
              ? valLoader
              : data.optionalSection(name + "_dataloader")
                  .map(own -> defaults.options(Optional.of(own), seed, false))
                  .orElse(valLoader);
      data.optionalSection(name)
          .flatMap(section -> part(section, components, loader, false))
          .ifPresent(part -> evaluated.put(name, part));
    }
    data.finish();
    return train.map(t -> new DataSection(t, evaluated));
  }

  /** A data set that is there. */
  Part part(String name) {
    return Objects.requireNonNull(evaluated.get(name), name);
  }

  /** The validation data, null if there is none. */
  @Nullable Part val() {
    return evaluated.get(VAL);
  }

  private static Optional<Part> part(
      ConfigReader section, Components components, LoaderOptions loader, boolean training) {
    Pipeline pipeline =
        PipelineSection.read(InnerPipeline.holder(section), components.transforms());
    OnError onError = section.choice(ON_ERROR, OnError.class, OnError.FAIL);
    boolean cached = section.choice(CACHE, Cache.class, Cache.NONE) == Cache.DEVICE;
    SamplerSpec sampler = sampler(section, components, training);
    Registry<DatasetSpec> datasets = components.datasets();
    return datasets
        .build(section)
        .map(
            dataset ->
                new Part(
                    section.path(),
                    dataset,
                    pipeline,
                    onError,
                    null,
                    loader.cached(cached).sampledBy(sampler)));
  }

  private static SamplerSpec sampler(
      ConfigReader section, Components components, boolean training) {
    Optional<ConfigReader> sampler = section.optionalSection(SAMPLER);
    section.require(
        training || sampler.isEmpty(),
        SAMPLER,
        "evaluation takes every sample once; only data.train has a sampler");
    return sampler.flatMap(components.samplers()::build).orElse(SamplerSpec.DEFAULT);
  }

  /** The same, with a training batch's images mixed with each other. */
  DataSection mixedBy(@Nullable BatchMix mix) {
    Part mixed =
        new Part(train.path, train.dataset, train.pipeline, train.onError, mix, train.loader);
    return new DataSection(mixed, evaluated);
  }
}
