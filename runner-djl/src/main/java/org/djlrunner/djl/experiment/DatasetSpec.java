package org.djlrunner.djl.experiment;

import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.djl.data.LabelledImages;

/** A data set that a config describes, not yet opened: reading a config touches no data. */
@FunctionalInterface
public interface DatasetSpec {
  /**
   * Opens it.
   *
   * @throws org.djlrunner.djl.data.DataException if its data is missing or broken
   */
  LabelledImages open();

  /**
   * What is known of it without opening it, if anything; empty unless overridden.
   *
   * <p>May read the head of a file, so it is not asked while a config is read.
   *
   * @throws org.djlrunner.djl.data.DataException if that head is broken
   */
  default Optional<DatasetOutline> outline() {
    return Optional.empty();
  }

  /** A data set of which something is known, or found out when it is asked for. */
  static DatasetSpec of(
      Supplier<Optional<DatasetOutline>> outline, Supplier<? extends LabelledImages> opener) {
    return new DatasetSpec() {
      @Override
      public LabelledImages open() {
        return opener.get();
      }

      @Override
      public Optional<DatasetOutline> outline() {
        return outline.get();
      }
    };
  }
}
