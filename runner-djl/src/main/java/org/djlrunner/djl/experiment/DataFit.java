package org.djlrunner.djl.experiment;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.BatchMix;
import org.djlrunner.djl.data.ClassDifference;
import org.djlrunner.djl.data.PreparedImages;
import org.jspecify.annotations.Nullable;

/** Checks that training data, the data of evaluations and the network belong together. */
final class DataFit {
  private DataFit() {}

  /**
   * Compares classes and image sizes.
   *
   * @param logits the network's output shape, {@code [N, outputs]}
   * @param anySize whether the network takes images of any height and width
   * @throws ConfigException with all that doesn't fit
   */
  static void check(
      DataSection section,
      PreparedImages train,
      Map<String, PreparedImages> evaluated,
      Shape logits,
      boolean anySize) {
    ConfigErrors errors = new ConfigErrors();
    checkOutputs(section.train().path(), train, logits, errors);
    checkMix(train.mix(), logits, errors);
    evaluated.forEach(
        (name, data) -> {
          String path = "data." + name;
          boolean fits =
              anySize
                  ? data.shape().channels() == train.shape().channels()
                  : data.shape().equals(train.shape());
          if (!fits) {
            errors.add(
                path,
                null,
                String.format(
                    "its images are %s, those of %s are %s%s",
                    data.shape(),
                    section.train().path(),
                    train.shape(),
                    anySize ? "" : "; this network takes one size, so end both pipelines with it"));
          }
          ClassDifference.between(train.classes(), data.classes())
              .ifPresent(
                  difference ->
                      errors.add(
                          path,
                          null,
                          String.format(
                              "its classes are not those of %s: %s",
                              section.train().path(), difference)));
        });
    errors.throwIfAny();
  }

  /**
   * Compares a network with the one data set that it is tested on.
   *
   * @throws ConfigException if it has too few outputs
   */
  static void check(DataSection section, String name, PreparedImages data, Shape logits) {
    ConfigErrors errors = new ConfigErrors();
    checkOutputs(section.part(name).path(), data, logits, errors);
    errors.throwIfAny();
  }

  private static void checkOutputs(
      String path, PreparedImages data, Shape logits, ConfigErrors errors) {
    long outputs = logits.get(logits.dimension() - 1);
    int classes = data.classes().size();
    if (outputs < classes) {
      errors.add(
          "model.num_classes",
          null,
          String.format(
              "the network has %d outputs, but %s has %d classes", outputs, path, classes));
    }
  }

  private static void checkMix(@Nullable BatchMix mix, Shape logits, ConfigErrors errors) {
    long outputs = logits.get(logits.dimension() - 1);
    if (mix != null && mix.classes() != outputs) {
      errors.add(
          "train_cfg.augments",
          null,
          String.format(
              "the labels are mixed for %d classes, but the network has %d outputs",
              mix.classes(), outputs));
    }
  }
}
