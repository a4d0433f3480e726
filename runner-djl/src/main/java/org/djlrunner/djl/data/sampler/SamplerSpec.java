package org.djlrunner.djl.data.sampler;

/** A sampler that is described, but not yet bound to a data set. */
@FunctionalInterface
public interface SamplerSpec {
  /** What loaders do unless told otherwise: every sample once, shuffled if the loader shuffles. */
  SamplerSpec DEFAULT =
      data ->
          data.shuffle()
              ? new RandomSampler(data.size(), data.seed())
              : new SequentialSampler(data.size());

  /**
   * Binds it; reads no labels before an order is asked for.
   *
   * @throws IllegalArgumentException if such a sampler can't be made for this data set
   */
  Sampler create(SampledData data);
}
