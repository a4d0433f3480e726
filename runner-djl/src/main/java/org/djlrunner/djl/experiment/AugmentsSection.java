package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.data.BatchMix;
import org.djlrunner.djl.data.BatchMix.Way;
import org.djlrunner.djl.loss.CrossEntropyLoss;

/**
 * Where a config says how a batch's images are mixed with each other: {@code
 * model.train_cfg.augments}, as MMClassification has it, or {@code train_cfg.augments}.
 */
final class AugmentsSection {
  private static final String TRAIN_CFG = "train_cfg";
  private static final String AUGMENTS = "augments";
  private static final String CLASSES = "num_classes";

  private AugmentsSection() {}

  /** Reads it from either place; two of them are an error. */
  static Optional<BatchMix> read(ConfigReader root, ConfigReader model) {
    Optional<ConfigReader> inModel = model.optionalSection(TRAIN_CFG);
    Optional<ConfigReader> atRoot = root.optionalSection(TRAIN_CFG);
    root.require(
        inModel.isEmpty() || atRoot.isEmpty(),
        TRAIN_CFG,
        "give either train_cfg or model.train_cfg, not both");
    return inModel.or(() -> atRoot).flatMap(section -> mix(section, model));
  }

  /** The loss for labels that are mixed: cross entropy takes probabilities then. */
  static LossSpec forMixedLabels(LossSpec loss) {
    return () ->
        loss.create() instanceof CrossEntropyLoss crossEntropy
            ? crossEntropy.forProbabilities()
            : loss.create();
  }

  private static Optional<BatchMix> mix(ConfigReader section, ConfigReader model) {
    int before = section.problems();
    int classes = model.has(CLASSES) ? model.integer(CLASSES) : 0;
    List<Way> ways = new ArrayList<>();
    List<ConfigReader> augments =
        section.isSequence(AUGMENTS)
            ? section.sections(AUGMENTS)
            : section.optionalSection(AUGMENTS).stream().toList();
    for (ConfigReader augment : augments) {
      int own = augment.integer(CLASSES, classes);
      augment.require(
          own > 0,
          CLASSES,
          "missing; expected how many outputs the network has, as the model doesn't say it");
      augment.require(
          classes == 0 || own == classes,
          CLASSES,
          "the model has num_classes " + classes + ", here it is " + own);
      classes = own;
      ways().build(augment).ifPresent(ways::add);
    }
    section.finish();
    if (ways.isEmpty() || section.problems() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BatchMix(classes, ways));
    } catch (IllegalArgumentException e) {
      section.error(AUGMENTS, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Registry<Way> ways() {
    return new Registry<Way>("augment")
        .register(
            List.of("BatchMixup", "Mixup"),
            config -> new BatchMix.Mixup(alpha(config), config.number("prob", 1)))
        .register(
            List.of("BatchCutMix", "CutMix"),
            config -> new BatchMix.CutMix(alpha(config), config.number("prob", 1)));
  }

  private static double alpha(ConfigReader config) {
    double alpha = config.number("alpha");
    config.require(alpha > 0 || !config.has("alpha"), "alpha", "must be above 0, got " + alpha);
    return alpha;
  }
}
