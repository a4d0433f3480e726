package org.djlrunner.djl.experiment;

import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.data.LoaderOptions;

/**
 * The loader settings of {@code data}, which {@code train_dataloader} and {@code val_dataloader}
 * override one by one.
 *
 * @param batchSize {@code samples_per_gpu}
 * @param workers {@code workers_per_gpu}, default 2
 * @param prefetchFactor {@code prefetch_factor}, default 2
 * @param pinMemory {@code pin_memory}, default true
 */
record LoaderDefaults(int batchSize, int workers, int prefetchFactor, boolean pinMemory) {
  private static final String BATCH_SIZE = "samples_per_gpu";
  private static final String WORKERS = "workers_per_gpu";
  private static final String PREFETCH = "prefetch_factor";
  private static final String PIN_MEMORY = "pin_memory";

  /** Workers stay in any case, so the word is known and changes nothing. */
  private static final String PERSISTENT = "persistent_workers";

  static LoaderDefaults read(ConfigReader data) {
    data.require(
        data.has(BATCH_SIZE), BATCH_SIZE, "missing; expected the number of samples a batch");
    data.bool(PERSISTENT, true);
    return new LoaderDefaults(
        atLeast(data, BATCH_SIZE, 1, 1),
        atLeast(data, WORKERS, 2, 0),
        atLeast(data, PREFETCH, 2, 1),
        data.bool(PIN_MEMORY, true));
  }

  /** The settings of a loader that has all of them in one mapping. */
  static LoaderOptions single(ConfigReader config) {
    LoaderDefaults own = read(config);
    return new LoaderOptions(
        own.batchSize,
        config.bool("shuffle", true),
        config.bool("drop_last", false),
        own.workers,
        own.prefetchFactor,
        config.longInteger("seed", 0));
  }

  /** The settings of one loader; training shuffles unless told otherwise. */
  LoaderOptions options(Optional<ConfigReader> overrides, long seed, boolean training) {
    if (overrides.isEmpty()) {
      return new LoaderOptions(batchSize, training, false, workers, prefetchFactor, seed)
          .pinMemory(pinMemory);
    }
    ConfigReader own = overrides.get();
    own.bool(PERSISTENT, true);
    LoaderOptions options =
        new LoaderOptions(
                atLeast(own, BATCH_SIZE, batchSize, 1),
                own.bool("shuffle", training),
                own.bool("drop_last", false),
                atLeast(own, WORKERS, workers, 0),
                atLeast(own, PREFETCH, prefetchFactor, 1),
                seed)
            .pinMemory(own.bool(PIN_MEMORY, pinMemory));
    own.finish();
    return options;
  }

  /**
   * A number that is valid in any case: a wrong one is reported and replaced, so reading goes on.
   */
  private static int atLeast(ConfigReader config, String key, int fallback, int least) {
    int value = config.integer(key, fallback);
    config.require(value >= least, key, "must be at least " + least + ", got " + value);
    return Math.max(value, least);
  }
}
