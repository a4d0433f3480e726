package org.djlrunner.spi;

/** A batch that knows which samples of its data set it holds; messages then name them. */
public interface Indexed {
  /** The samples' indices in their data set, in the batch's order. */
  long[] sampleIndices();
}
