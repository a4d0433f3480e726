package org.djlrunner.djl.experiment;

import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.EarlyStopping;
import org.djlrunner.hook.EarlyStoppingHook;
import org.djlrunner.metric.Watched;

/**
 * Reads the hook that ends a run in time: {@code monitor}, and, all optional, {@code rule} (greater
 * or less), {@code patience} (default 5), {@code min_delta} (0), {@code threshold}, {@code
 * check_finite} (true), and for {@code monitor: train/NAME} {@code interval} (0, the whole epoch).
 */
final class EarlyStoppingConfig {
  private EarlyStoppingConfig() {}

  static HookSpec read(ConfigReader config) {
    String monitor = config.string("monitor");
    requireRule(config, monitor);
    EarlyStopping.Rule byName = EarlyStopping.Rule.of(monitor);
    EarlyStopping settings =
        new EarlyStopping(
            monitor,
            config.choice("rule", EarlyStopping.Rule.class, byName),
            config.integer("patience", EarlyStopping.DEFAULT_PATIENCE),
            config.number("min_delta", 0),
            config.optionalNumber("threshold"),
            config.bool("check_finite", true),
            config.integer("interval", 0));
    return parts -> new EarlyStoppingHook(settings);
  }

  /** Whether more or less is better is clear from the name of a loss or an accuracy only. */
  private static void requireRule(ConfigReader config, String monitor) {
    boolean clear = monitor.contains("acc") || monitor.endsWith("loss");
    config.require(
        !monitor.startsWith(Watched.TRAIN) || clear || config.has("rule"),
        "rule",
        "missing; say whether greater or less values of '" + monitor + "' are better");
  }
}
