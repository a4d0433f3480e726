package org.djlrunner.djl.experiment;

import ai.djl.ndarray.types.Shape;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.ImageDataset;
import org.jspecify.annotations.Nullable;

/** Checks that training data, validation data and network belong together. */
final class DataFit {
  private DataFit() {}

  /**
   * Compares classes and image sizes.
   *
   * @param logits the network's output shape, {@code [N, outputs]}
   * @throws ConfigException with all that doesn't fit
   */
  static void check(
      DataSection section, ImageDataset train, @Nullable ImageDataset val, Shape logits) {
    ConfigErrors errors = new ConfigErrors();
    long outputs = logits.get(logits.dimension() - 1);
    int classes = train.classes().size();
    if (outputs < classes) {
      errors.add(
          "model.num_classes",
          null,
          String.format(
              "the network has %d outputs, but %s has %d classes",
              outputs, section.train().path(), classes));
    }
    if (val != null && section.val() != null) {
      String path = section.val().path();
      if (!val.shape().equals(train.shape())) {
        errors.add(
            path,
            null,
            String.format(
                "its images are %s, those of %s are %s",
                val.shape(), section.train().path(), train.shape()));
      }
      if (!val.classes().equals(train.classes())) {
        errors.add(
            path,
            null,
            String.format(
                "its classes %s are not those of %s, %s",
                val.classes(), section.train().path(), train.classes()));
      }
    }
    errors.throwIfAny();
  }
}
