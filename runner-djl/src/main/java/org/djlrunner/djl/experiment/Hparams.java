package org.djlrunner.djl.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.data.transform.FillValue;
import org.djlrunner.djl.data.transform.Interpolation;

/**
 * The {@code hparams} of AutoAugment and RandAugment: options of all their transforms that have
 * such an option and don't set it themselves.
 */
final class Hparams {
  private static final String SECTION = "hparams";
  private static final String PAD_VAL = "pad_val";
  private static final String INTERPOLATION = "interpolation";
  private static final int GREY = 128;

  /** The transforms that move pixels, and the one that only fills. */
  private static final Map<String, List<String>> OPTIONS =
      Map.of(
          "Shear", List.of(PAD_VAL, INTERPOLATION),
          "Translate", List.of(PAD_VAL, INTERPOLATION),
          "Rotate", List.of(PAD_VAL, INTERPOLATION),
          "Cutout", List.of(PAD_VAL));

  private final Map<String, ConfigNode> entries = new HashMap<>();
  private final FillValue beyond;
  private final Optional<Interpolation> interpolation;

  private Hparams(ConfigReader config) {
    Optional<ConfigReader> section = config.optionalSection(SECTION);
    if (section.isEmpty()) {
      beyond = FillValue.of(GREY);
      interpolation = Optional.empty();
      return;
    }
    ConfigReader own = section.get();
    int problemsBefore = own.problems();
    for (String option : List.of(PAD_VAL, INTERPOLATION)) {
      own.node(option).ifPresent(node -> entries.put(option, node));
    }
    beyond = TransformOptions.fill(own, PAD_VAL, GREY);
    interpolation =
        own.has(INTERPOLATION)
            ? Optional.of(own.choice(INTERPOLATION, Interpolation.class, Interpolation.NEAREST))
            : Optional.empty();
    own.finish();
    if (own.problems() > problemsBefore) {
      entries.clear(); // Said once is enough.
    }
  }

  /** Those of a config, which may have none. */
  static Hparams of(ConfigReader config) {
    return new Hparams(config);
  }

  /** What is beyond the edges of a named policy's images. */
  FillValue beyond() {
    return beyond;
  }

  /** The interpolation of a named policy's transforms; empty for each its own. */
  Optional<Interpolation> interpolation() {
    return interpolation;
  }

  /** A transform's options with these where it has none of its own. */
  ConfigReader in(ConfigReader step) {
    Map<String, ConfigNode> defaults = new HashMap<>(entries);
    defaults.keySet().retainAll(OPTIONS.getOrDefault(step.string("type", ""), List.of()));
    return step.orElse(defaults);
  }
}
