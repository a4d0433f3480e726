package org.djlrunner.djl.experiment;

import ai.djl.Device;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.hook.LossScaling;
import org.djlrunner.hook.UpdateSettings;

/**
 * Reads {@code precision} and {@code compile}, and what they and the update mean for each other.
 *
 * @param options how steps are computed on a CPU
 * @param precisionIsOpen whether the config leaves the precision to the device
 * @param update the update, with loss scaling where the precision needs it
 */
record StepSection(StepOptions options, boolean precisionIsOpen, UpdateSettings update) {
  private static final String PRECISION = "precision";
  private static final String COMPILE = "compile";

  /** Reads both keys; loss scaling means fp16, and fp16 means loss scaling. */
  static StepSection read(ConfigReader root, UpdateSettings update) {
    boolean scaled = update.scaling().isPresent();
    Precision precision =
        root.choice(PRECISION, Precision.class, scaled ? Precision.FP16 : Precision.FP32);
    root.require(
        !scaled || precision == Precision.FP16,
        PRECISION,
        "the update scales the loss, which is for fp16; leave out fp16 and loss_scale, or make it"
            + " fp16");
    Compile compile = compile(root);
    boolean low = precision == Precision.FP16 || precision == Precision.BF16;
    boolean possible = !low || compile != Compile.NEVER;
    root.require(possible, COMPILE, "a low precision needs a compiled step; leave it at auto");
    boolean scale = precision == Precision.FP16 && !scaled;
    return new StepSection(
        new StepOptions(precision, possible ? compile : Compile.AUTO),
        !scaled && !root.has(PRECISION),
        scale ? update.scaling(LossScaling.DYNAMIC) : update);
  }

  /** How steps are computed on a device: a GPU's default precision is auto, a CPU's fp32. */
  StepOptions on(Device device) {
    return precisionIsOpen && device.isGpu() ? options.with(Precision.AUTO) : options;
  }

  private static Compile compile(ConfigReader root) {
    Object value =
        root.node(COMPILE).orElse(null) instanceof ConfigNode.Value plain ? plain.value() : null;
    if (value instanceof String text) {
      root.require(
          text.equals("auto"), COMPILE, "expected auto, true or false, got '" + text + "'");
      return Compile.AUTO;
    }
    if (value == null) {
      return Compile.AUTO;
    }
    return root.bool(COMPILE, true) ? Compile.ALWAYS : Compile.NEVER;
  }
}
