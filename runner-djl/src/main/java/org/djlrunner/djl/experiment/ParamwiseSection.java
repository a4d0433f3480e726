package org.djlrunner.djl.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.optim.ParamwiseRules;
import org.djlrunner.djl.optim.ParamwiseRules.Multipliers;

/** Reads {@code paramwise_cfg} of an optimizer's section, under MMCV's names. */
final class ParamwiseSection {
  private static final String CONSTRUCTOR = "DefaultOptimizerConstructor";

  private ParamwiseSection() {}

  /**
   * Reads it; empty if it is absent or says nothing.
   *
   * <p>Factors on the weight decay need a {@code weight_decay} beside {@code paramwise_cfg}, so
   * that none is written in vain.
   *
   * @param optimizer the optimizer's section
   */
  static Optional<ParamwiseRules> read(ConfigReader optimizer) {
    String constructor = optimizer.string("constructor", CONSTRUCTOR);
    optimizer.require(
        constructor.equals(CONSTRUCTOR),
        "constructor",
        "unknown constructor '" + constructor + "'; there is " + CONSTRUCTOR);
    boolean decays = optimizer.has("weight_decay");
    return optimizer
        .optionalSection("paramwise_cfg")
        .filter(config -> !config.keys().isEmpty())
        .map(config -> rules(config, decays));
  }

  private static ParamwiseRules rules(ConfigReader config, boolean decays) {
    ParamwiseRules rules =
        new ParamwiseRules(
            config.optionalSection("custom_keys").map(c -> customKeys(c, decays)).orElse(Map.of()),
            factor(config, "bias_lr_mult"),
            decay(config, "bias_decay_mult", decays),
            decay(config, "norm_decay_mult", decays),
            decay(config, "dwconv_decay_mult", decays),
            factor(config, "dcn_offset_lr_mult"),
            config.bool("bypass_duplicate", false));
    config.finish();
    return rules;
  }

  private static Map<String, Multipliers> customKeys(ConfigReader config, boolean decays) {
    Map<String, Multipliers> keys = new LinkedHashMap<>();
    for (String key : List.copyOf(config.keys())) {
      ConfigReader factors = config.section(key);
      keys.put(
          key, new Multipliers(factor(factors, "lr_mult"), decay(factors, "decay_mult", decays)));
      factors.finish();
    }
    return keys;
  }

  private static double decay(ConfigReader config, String key, boolean decays) {
    config.require(
        decays || !config.has(key), key, "needs weight_decay in the optimizer's section");
    return factor(config, key);
  }

  private static double factor(ConfigReader config, String key) {
    double factor = config.number(key, 1);
    config.require(factor >= 0, key, "must be 0 or more, got " + factor);
    return Math.max(0, factor);
  }
}
