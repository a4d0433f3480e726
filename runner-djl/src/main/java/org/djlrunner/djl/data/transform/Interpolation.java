package org.djlrunner.djl.data.transform;

import org.opencv.imgproc.Imgproc;

/** How pixels between pixels are found, by OpenCV's formulas. */
public enum Interpolation {
  /** The nearest pixel. */
  NEAREST(Imgproc.INTER_NEAREST),
  /** Linear between 2 x 2 pixels. */
  BILINEAR(Imgproc.INTER_LINEAR),
  /** Cubic between 4 x 4 pixels. */
  BICUBIC(Imgproc.INTER_CUBIC),
  /** The mean of the pixels that fall together. */
  AREA(Imgproc.INTER_AREA),
  /** Lanczos between 8 x 8 pixels. */
  LANCZOS(Imgproc.INTER_LANCZOS4);

  private final int code;

  Interpolation(int code) {
    this.code = code;
  }

  /** OpenCV's number for it. */
  int code() {
    return code;
  }
}
