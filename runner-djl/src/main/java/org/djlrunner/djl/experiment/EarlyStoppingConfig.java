package org.djlrunner.djl.experiment;

import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.EarlyStopping;
import org.djlrunner.hook.EarlyStoppingHook;

/**
 * Reads the hook that ends a run in time: {@code monitor}, and, all optional, {@code rule} (greater
 * or less), {@code patience} (default 5), {@code min_delta} (0), {@code threshold}, {@code
 * check_finite} (true).
 */
final class EarlyStoppingConfig {
  private EarlyStoppingConfig() {}

  static HookSpec read(ConfigReader config) {
    String monitor = config.string("monitor");
    EarlyStopping.Rule byName = EarlyStopping.Rule.of(monitor);
    EarlyStopping settings =
        new EarlyStopping(
            monitor,
            config.choice("rule", EarlyStopping.Rule.class, byName),
            config.integer("patience", EarlyStopping.DEFAULT_PATIENCE),
            config.number("min_delta", 0),
            config.optionalNumber("threshold"),
            config.bool("check_finite", true));
    return parts -> new EarlyStoppingHook(settings);
  }
}
