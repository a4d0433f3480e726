package org.djlrunner.djl.experiment;

import java.util.Optional;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.hook.Clipping;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.LossScaling;
import org.djlrunner.hook.NonFinite;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.hook.ValueClip;

/** Reads {@code optimizer_config} and {@code fp16}: how gradients become an update. */
final class UpdateSection {
  private static final String DEFAULT_TYPE = "OptimizerHook";
  private static final String SCALE = "loss_scale";

  private UpdateSection() {}

  /**
   * Reads both sections from the config's root.
   *
   * <p>{@code fp16: {loss_scale}} adds loss scaling to the types without; a type with its own must
   * not have both.
   */
  static UpdateSettings read(ConfigReader root) {
    Optional<LossScaling> scaling =
        root.optionalSection("fp16")
            .map(
                fp16 -> {
                  LossScaling read = scaling(fp16);
                  fp16.finish();
                  return read;
                });
    return root.optionalSection("optimizer_config")
        .flatMap(config -> types(scaling).build(config, DEFAULT_TYPE))
        .orElseGet(() -> UpdateSettings.PLAIN.scaling(scaling.orElse(null)));
  }

  private static Registry<UpdateSettings> types(Optional<LossScaling> fp16) {
    return new Registry<UpdateSettings>("optimizer hook")
        .register(DEFAULT_TYPE, c -> plain(c).scaling(fp16.orElse(null)))
        .register(
            "GradientCumulativeOptimizerHook",
            c -> plain(c).cumulativeIters(window(c)).scaling(fp16.orElse(null)))
        .register("Fp16OptimizerHook", c -> plain(c).scaling(scaling(c, fp16)))
        .register(
            "GradientCumulativeFp16OptimizerHook",
            c -> plain(c).cumulativeIters(window(c)).scaling(scaling(c, fp16)));
  }

  private static UpdateSettings plain(ConfigReader config) {
    Optional<Clipping> clip = config.optionalSection("grad_clip").flatMap(UpdateSection::clip);
    return UpdateSettings.PLAIN
        .clip(clip.orElse(null))
        .nonFinite(nonFinite(config))
        .detectAnomalousParams(config.bool("detect_anomalous_params", false));
  }

  private static int window(ConfigReader config) {
    return atLeastOne(config, "cumulative_iters", 1);
  }

  private static LossScaling scaling(ConfigReader config, Optional<LossScaling> fp16) {
    if (fp16.isPresent() && config.has(SCALE)) {
      config.error(SCALE, "given in fp16 too; leave out one of them");
    }
    return fp16.isPresent() && !config.has(SCALE) ? fp16.get() : scaling(config);
  }

  /** A number (fixed), {@code dynamic}, or a map of what a dynamic scale is made of. */
  private static LossScaling scaling(ConfigReader config) {
    ConfigNode node = config.node(SCALE).orElse(null);
    if (node instanceof ConfigNode.Mapping) {
      return dynamic(config.section(SCALE));
    }
    Object value = node instanceof ConfigNode.Value plain ? plain.value() : null;
    if (value instanceof String text) {
      config.require(
          text.equals("dynamic"),
          SCALE,
          "expected a number, dynamic, or a mapping, got '" + text + "'");
      return LossScaling.DYNAMIC;
    }
    double scale = config.number(SCALE, LossScaling.DEFAULT_FIXED);
    config.require(scale > 0, SCALE, "must be above 0, got " + scale);
    return LossScaling.fixed(scale > 0 ? scale : LossScaling.DEFAULT_FIXED);
  }

  private static LossScaling dynamic(ConfigReader config) {
    LossScaling defaults = LossScaling.DYNAMIC;
    double init = config.number("init_scale", defaults.initScale());
    double growth = config.number("growth_factor", defaults.growthFactor());
    double backoff = config.number("backoff_factor", defaults.backoffFactor());
    int interval = atLeastOne(config, "growth_interval", defaults.growthInterval());
    boolean shrinks = backoff > 0 && backoff < 1;
    config.require(init > 0, "init_scale", "must be above 0, got " + init);
    config.require(growth > 1, "growth_factor", "must be above 1, got " + growth);
    config.require(shrinks, "backoff_factor", "must be between 0 and 1, got " + backoff);
    config.finish();
    return init > 0 && growth > 1 && shrinks
        ? LossScaling.dynamic(init, growth, backoff, interval)
        : defaults;
  }

  private static NonFinite nonFinite(ConfigReader parent) {
    Optional<ConfigReader> section = parent.optionalSection("nonfinite");
    if (section.isEmpty()) {
      return NonFinite.IGNORED;
    }
    ConfigReader config = section.get();
    NonFinite.Policy policy =
        config.choice("policy", NonFinite.Policy.class, NonFinite.Policy.FAIL);
    int maxSkips = atLeastOne(config, "max_skips", NonFinite.DEFAULT_MAX_SKIPS);
    int interval = atLeastOne(config, "interval", NonFinite.DEFAULT_INTERVAL);
    config.finish();
    return new NonFinite(policy, maxSkips, interval);
  }

  private static Optional<Clipping> clip(ConfigReader config) {
    if (config.has("clip_value")) {
      double value = config.number("clip_value");
      config.require(value >= 0, "clip_value", "must be 0 or more, got " + value);
      config.require(
          !config.has("max_norm") && !config.has("norm_type"),
          "clip_value",
          "clips by value; leave out max_norm and norm_type, or clip by norm");
      config.finish();
      return value >= 0 ? Optional.of(new ValueClip(value)) : Optional.empty();
    }
    double maxNorm = config.number("max_norm");
    double normType = normType(config);
    config.finish();
    config.require(maxNorm >= 0, "max_norm", "must be 0 or more, got " + maxNorm);
    config.require(normType > 0, "norm_type", "must be above 0, got " + normType);
    return maxNorm >= 0 && normType > 0
        ? Optional.of(new GradClip(maxNorm, normType))
        : Optional.empty();
  }

  /** A number, or {@code inf} for the largest magnitude, as YAML or as MMCV's configs write it. */
  private static double normType(ConfigReader config) {
    boolean infinite =
        config
            .node("norm_type")
            .filter(node -> node instanceof ConfigNode.Value)
            .map(node -> String.valueOf(((ConfigNode.Value) node).value()))
            .filter(text -> text.equals("inf") || text.equals("Infinity"))
            .isPresent();
    return infinite ? Double.POSITIVE_INFINITY : config.number("norm_type", 2);
  }

  private static int atLeastOne(ConfigReader config, String key, int fallback) {
    int value = config.integer(key, fallback);
    config.require(value >= 1, key, "must be at least 1, got " + value);
    return Math.max(1, value);
  }
}
