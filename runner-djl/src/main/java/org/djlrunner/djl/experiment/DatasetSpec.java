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

  /**
   * How many samples it has, where that is known without opening it; the default can't tell.
   *
   * <p>May read the head of a file, so it is not asked while a config is read.
   *
   * @throws org.djlrunner.djl.data.DataException if that head is broken
   */
  default OptionalInt size() {
    return OptionalInt.empty();
  }

  /** A data set whose number of samples is known, or found out when it is asked for. */
  static DatasetSpec sized(Supplier<OptionalInt> size, Supplier<ImageDataset> opener) {
    return new DatasetSpec() {
      @Override
      public ImageDataset open() {
        return opener.get();
      }

      @Override
      public OptionalInt size() {
        return size.get();
      }
    };
  }
}
