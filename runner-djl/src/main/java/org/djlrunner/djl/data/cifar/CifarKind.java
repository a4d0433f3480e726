package org.djlrunner.djl.data.cifar;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which of the two data sets, and what its files are called. */
public enum CifarKind {
  /** Ten classes; five files for training, one for testing. */
  CIFAR10("CIFAR-10", 1, "labels", "cifar-10"),
  /** A hundred classes, of which {@link Cifar} takes the fine ones; one file each. */
  CIFAR100("CIFAR-100", 2, "fine_labels", "cifar-100");

  private final String title;
  private final int labelBytes;
  private final String labelKey;
  private final String prefix;

  CifarKind(String title, int labelBytes, String labelKey, String prefix) {
    this.title = title;
    this.labelBytes = labelBytes;
    this.labelKey = labelKey;
    this.prefix = prefix;
  }

  /** The names of the classes; a label is an index into them. */
  public List<String> classes() {
    return this == CIFAR10 ? CifarClasses.TEN : CifarClasses.HUNDRED;
  }

  String title() {
    return title;
  }

  /** Bytes before the pixels of a binary record; the last is the label. */
  int labelBytes() {
    return labelBytes;
  }

  /** Where a pickled batch has its labels. */
  String labelKey() {
    return labelKey;
  }

  /** The folder that the published archive of a layout holds. */
  String folder(CifarLayout layout) {
    if (this == CIFAR100) {
      return prefix + "-" + layout.word();
    }
    return prefix + "-batches-" + (layout == CifarLayout.BINARY ? "bin" : "py");
  }

  /** The published archive of a layout. */
  String archive(CifarLayout layout) {
    return prefix + "-" + layout.word() + ".tar.gz";
  }

  /** The files of a part, in order. */
  List<String> files(CifarLayout layout, boolean testPart) {
    Stream<String> names =
        this == CIFAR100
            ? Stream.of(testPart ? "test" : "train")
            : testPart
                ? Stream.of("test_batch")
                : IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i);
    return names.map(name -> name + layout.fileEnding()).toList();
  }
}
