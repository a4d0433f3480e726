package org.djlrunner.djl.experiment;

import java.util.OptionalInt;
import java.util.function.Supplier;
import org.djlrunner.djl.data.ImageDataset;

/** A data set that a config describes, not yet opened: reading a config touches no data. */
@FunctionalInterface
public interface DatasetSpec {
  /**
   * Opens it.
   *
   * @throws org.djlrunner.djl.data.DataException if its data is missing or broken
   */
  ImageDataset open();

  /** How many samples it has, where that is known without opening it; the default can't tell. */
  default OptionalInt size() {
    return OptionalInt.empty();
  }

  /** A data set of a known number of samples. */
  static DatasetSpec sized(int size, Supplier<ImageDataset> opener) {
    return new DatasetSpec() {
      @Override
      public ImageDataset open() {
        return opener.get();
      }

      @Override
      public OptionalInt size() {
        return OptionalInt.of(size);
      }
    };
  }
}
