package org.djlrunner.djl.data.cifar;

/** The two ways the data sets are published that a program without MATLAB can read. */
enum CifarLayout {
  /** Records of labels and pixels, one after the other. */
  BINARY("binary", ".bin"),
  /** Python pickles of a dictionary with an array. */
  PYTHON("python", "");

  private final String word;
  private final String fileEnding;

  CifarLayout(String word, String fileEnding) {
    this.word = word;
    this.fileEnding = fileEnding;
  }

  String word() {
    return word;
  }

  String fileEnding() {
    return fileEnding;
  }
}
