package org.djlrunner.djl.experiment;

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
}
