package org.djlrunner.djl.data.transform;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/** A picture's pixels in OpenCV's memory, and what OpenCV does with them. */
final class NativePixels implements AutoCloseable {
  private @Nullable Mat current;

  /** Reused: keeps the memory of a result while the one before it is current. */
  private @Nullable Mat other;

  /** Decoders give blue-green-red. */
  private boolean swapped;

  /** Takes over what a decoder gave. */
  void takeDecoded(Mat decoded) {
    if (current != null) {
      current.release();
    }
    current = decoded;
    swapped = true;
  }

  /** Copies pixels from the Java heap. */
  void take(byte[] pixels, int height, int width, int channels) {
    OpenCvNative.require();
    if (current == null) {
      current = new Mat();
    }
    Mat target = owned(current);
    target.create(height, width, CvType.CV_8UC(channels));
    target.put(0, 0, pixels, 0, height * width * channels);
    current = target;
    swapped = false;
  }

  void copyTo(byte[] pixels) {
    toRgb();
    current().get(0, 0, pixels);
  }

  /** Writes to a direct buffer, from its position on, which moves. */
  void copyTo(ByteBuffer target) {
    Mat from = current();
    int bytes = (int) (from.total() * from.channels());
    Mat view = new Mat(from.rows(), from.cols(), from.type(), target.slice());
    if (swapped) {
      Imgproc.cvtColor(from, view, Imgproc.COLOR_BGR2RGB);
    } else {
      from.copyTo(view);
    }
    view.release();
    target.position(target.position() + bytes);
  }

  void crop(int top, int left, int rows, int columns) {
    Mat whole = current();
    current = whole.submat(top, top + rows, left, left + columns);
    whole.release();
  }

  void resize(int top, int left, int rows, int columns, Extent size, Interpolation interpolation) {
    Mat whole = current();
    Mat part = whole.submat(top, top + rows, left, left + columns);
    Mat target = spare();
    Imgproc.resize(part, target, new Size(size.width(), size.height()), 0, 0, interpolation.code());
    part.release();
    become(target);
  }

  void flip(boolean horizontally, boolean vertically) {
    if (!horizontally && !vertically) {
      return;
    }
    Mat target = spare();
    Core.flip(current(), target, horizontally ? (vertically ? -1 : 1) : 0);
    become(target);
  }

  void warp(double[] matrix, Interpolation interpolation, FillValue beyond, int channels) {
    toRgb();
    Mat whole = current();
    Mat target = spare();
    Mat affine = new Mat(2, 3, CvType.CV_64F);
    affine.put(0, 0, matrix);
    double[] fill = new double[4];
    for (int c = 0; c < channels; c++) {
      fill[c] = beyond.at(c) & 0xFF;
    }
    Imgproc.warpAffine(
        whole,
        target,
        affine,
        whole.size(),
        interpolation.code(),
        Core.BORDER_CONSTANT,
        new Scalar(fill));
    affine.release();
    become(target);
  }

  @Override
  public void close() {
    for (Mat mat : new @Nullable Mat[] {current, other}) {
      if (mat != null) {
        mat.release();
      }
    }
    current = null;
    other = null;
  }

  private void toRgb() {
    if (swapped) {
      Mat target = spare();
      Imgproc.cvtColor(current(), target, Imgproc.COLOR_BGR2RGB);
      become(target);
      swapped = false;
    }
  }

  /** The result becomes current; what was current may be overwritten. */
  private void become(Mat result) {
    other = current;
    current = result;
  }

  private Mat spare() {
    Mat target = other == null ? new Mat() : owned(other);
    other = null;
    return target;
  }

  /** A matrix that may be written to: a part of another one is given up. */
  private static Mat owned(Mat mat) {
    if (mat.isSubmatrix()) {
      mat.release();
    }
    return mat;
  }

  private Mat current() {
    if (current == null) {
      throw new IllegalStateException("the picture has no pixels here");
    }
    return current;
  }
}
