package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.sampler.ClassBalancedSampler;
import org.djlrunner.djl.data.sampler.DistributedSampler;
import org.djlrunner.djl.data.sampler.InfiniteSampler;
import org.djlrunner.djl.data.sampler.RandomSampler;
import org.djlrunner.djl.data.sampler.Remainder;
import org.djlrunner.djl.data.sampler.RepeatAugSampler;
import org.djlrunner.djl.data.sampler.Replica;
import org.djlrunner.djl.data.sampler.SampledData;
import org.djlrunner.djl.data.sampler.Sampler;
import org.djlrunner.djl.data.sampler.SamplerSpec;
import org.djlrunner.djl.data.sampler.SequentialSampler;
import org.djlrunner.djl.data.sampler.ShardSampler;

/** Reads the section {@code sampler} of {@code data.train}. */
final class SamplerFactories {
  private SamplerFactories() {}

  static Registry<SamplerSpec> shipped() {
    return new Registry<SamplerSpec>("sampler")
        .register("SequentialSampler", config -> data -> new SequentialSampler(data.size()))
        .register(
            "RandomSampler",
            config -> adapted(config, data -> new RandomSampler(data.size(), data.seed())))
        .register("DistributedSampler", SamplerFactories::distributed)
        .register(
            List.of("ClassBalancedSampler", "ClassAwareSampler"), SamplerFactories::classBalanced)
        .register("RepeatAugSampler", SamplerFactories::repeated)
        .register("InfiniteSampler", SamplerFactories::infinite)
        .register("ShardSampler", SamplerFactories::shards);
  }

  private static SamplerSpec distributed(ConfigReader config) {
    boolean drop = config.bool("drop_last", false);
    boolean roundUp = config.bool("round_up", !drop);
    config.require(
        !(drop && roundUp),
        "round_up",
        "drop_last leaves samples out, round_up adds some; choose one");
    Remainder remainder = drop ? Remainder.DROP : roundUp ? Remainder.PAD : Remainder.UNEVEN;
    return shared(
        config,
        data ->
            new DistributedSampler(
                data.size(), data.shuffle(), data.seed(), data.replica(), remainder));
  }

  private static SamplerSpec classBalanced(ConfigReader config) {
    int perClass = atLeast(config, "num_sample_class", 1, 1);
    return onReplica(
        config,
        data ->
            new ClassBalancedSampler(
                data.size(), data.labels(), data.seed(), data.replica(), perClass));
  }

  private static SamplerSpec repeated(ConfigReader config) {
    int repeats = atLeast(config, "num_repeats", 3, 1);
    int round = atLeast(config, "selected_round", 256, 0);
    int ratio = atLeast(config, "selected_ratio", 0, 0);
    return shared(
        config,
        data ->
            new RepeatAugSampler(
                data.size(), data.shuffle(), data.seed(), data.replica(), repeats, round, ratio));
  }

  private static SamplerSpec infinite(ConfigReader config) {
    return shared(
        config,
        data ->
            new InfiniteSampler(
                data.size(), data.shuffle(), data.seed(), data.replica(), data.batchSize()));
  }

  private static SamplerSpec shards(ConfigReader config) {
    int piece = atLeast(config, "piece", 1000, 1);
    int window = atLeast(config, "window", 10_000, 1);
    return adapted(config, data -> new ShardSampler(data.size(), data.seed(), piece, window));
  }

  /** A sampler that shuffles or not, and knows several processes. */
  private static SamplerSpec shared(ConfigReader config, Function<SampledData, Sampler> made) {
    if (!config.has("shuffle")) {
      return onReplica(config, made);
    }
    boolean shuffle = config.bool("shuffle", true);
    return onReplica(config, data -> made.apply(data.shuffle(shuffle)));
  }

  /** One that knows several processes. */
  private static SamplerSpec onReplica(ConfigReader config, Function<SampledData, Sampler> made) {
    OptionalInt count = config.optionalInteger("num_replicas");
    OptionalInt rank = config.optionalInteger("rank");
    if (count.isEmpty() && rank.isEmpty()) {
      return adapted(config, made);
    }
    // Refused by the replica itself, at the path of this section.
    Replica replica = new Replica(rank.orElse(0), count.orElse(1));
    return adapted(config, data -> made.apply(data.on(replica)));
  }

  /** One with a seed of its own, if it is given. */
  private static SamplerSpec adapted(ConfigReader config, Function<SampledData, Sampler> made) {
    if (!config.has("seed")) {
      return made::apply;
    }
    long seed = config.longInteger("seed", 0);
    return data -> made.apply(data.seed(seed));
  }

  private static int atLeast(ConfigReader config, String key, int fallback, int least) {
    int value = config.integer(key, fallback);
    config.require(value >= least, key, "must be at least " + least + ", got " + value);
    return Math.max(value, least);
  }
}
