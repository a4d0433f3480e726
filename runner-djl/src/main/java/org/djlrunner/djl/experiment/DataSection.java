package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.jspecify.annotations.Nullable;

/**
 * The config's {@code data}: what is loaded for training and for validation, and how.
 *
 * @param train what {@code train} flows load
 * @param val what evaluation and {@code val} flows load, null if there is none
 */
record DataSection(Part train, @Nullable Part val) {
  /**
   * One data set and its loader.
   *
   * @param path where it stands in the config
   * @param dataset the data set
   * @param normalization what its pipeline says, null for pixels brought to -1 to 1
   * @param loader how its batches are made
   */
  record Part(
      String path,
      DatasetSpec dataset,
      @Nullable Normalization normalization,
      LoaderOptions loader) {}

  /** Keys of a data set's own section that are not options of its type. */
  private static final String PIPELINE = "pipeline";

  private static final String CACHE = "cache";

  /** Where a data set is kept. */
  private enum Cache {
    /** Wherever it keeps itself; each batch is assembled on the host. */
    NONE,
    /** On the model's device, all of it. */
    DEVICE
  }

  static Optional<DataSection> read(ConfigReader data, Components components, long seed) {
    LoaderDefaults defaults = LoaderDefaults.read(data);
    LoaderOptions trainLoader =
        defaults.options(data.optionalSection("train_dataloader"), seed, true);
    LoaderOptions valLoader = defaults.options(data.optionalSection("val_dataloader"), seed, false);
    Optional<Part> train = part(data.section("train"), components, trainLoader);
    Optional<Part> val =
        data.optionalSection("val").flatMap(section -> part(section, components, valLoader));
    data.finish();
    return train.map(t -> new DataSection(t, val.orElse(null)));
  }

  private static Optional<Part> part(
      ConfigReader section, Components components, LoaderOptions loader) {
    Normalization normalization = pipeline(section.sections(PIPELINE)).orElse(null);
    boolean cached = section.choice(CACHE, Cache.class, Cache.NONE) == Cache.DEVICE;
    Registry<DatasetSpec> datasets = components.datasets();
    return datasets
        .build(section)
        .map(dataset -> new Part(section.path(), dataset, normalization, loader.cached(cached)));
  }

  private static Optional<Normalization> pipeline(List<ConfigReader> steps) {
    Registry<Normalization> transforms =
        new Registry<Normalization>("transform")
            .register(
                "Normalize",
                step ->
                    new Normalization(
                        step.numbers("mean", List.of()), step.numbers("std", List.of())));
    Optional<Normalization> normalization = Optional.empty();
    for (ConfigReader step : steps) {
      step.require(
          normalization.isEmpty(), "type", "a pipeline normalises once, this is the second");
      normalization = transforms.build(step);
    }
    return normalization;
  }
}
