package org.djlrunner.djl.data;

import java.util.List;

/**
 * Images with a class each, by index from 0; what a data set is, however it stores its images.
 *
 * <p>There are two ways: {@link ImageDataset} gives pixels of one size, {@link EncodedImages} gives
 * image files of any size. All methods may be called by several threads at a time.
 */
public sealed interface LabelledImages permits ImageDataset, EncodedImages {
  /** How many samples there are. */
  long size();

  /** The names of the classes; a label is an index into them. */
  List<String> classes();

  /** The class of a sample, from 0. */
  int label(int index);

  /** What errors call a sample: its file, or where it stands in one; unless told, its number. */
  default String name(int index) {
    return "sample " + index;
  }
}
