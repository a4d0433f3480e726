package org.djlrunner.djl.data.transform;

import java.util.HexFormat;
import java.util.Locale;
import org.djlrunner.djl.data.DataException;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvException;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/** An image file's bytes, not yet decoded. */
final class EncodedImage {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};

  private final byte[] file;
  private final @Nullable JpegHeader jpeg;

  private EncodedImage(byte[] file, @Nullable JpegHeader jpeg) {
    this.file = file;
    this.jpeg = jpeg;
  }

  /**
   * Looks at a file's bytes.
   *
   * @throws DataException if the file is empty or ends too early
   */
  static EncodedImage of(byte[] file) {
    if (file.length == 0) {
      throw new DataException("the file is empty");
    }
    if (startsWith(file, PNG)) {
      requireComplete(lastIndexOf(file, PNG_END) > 0, "PNG", file);
      return new EncodedImage(file, null);
    }
    if (!JpegHeader.begins(file)) {
      return new EncodedImage(file, null);
    }
    JpegHeader header = JpegHeader.read(file).orElse(null);
    requireComplete(header != null && header.isComplete(file), "JPEG", file);
    return new EncodedImage(file, header);
  }

  /** What the file says of its picture before it is decoded; null for other formats than JPEG. */
  @Nullable JpegHeader jpeg() {
    return jpeg;
  }

  /**
   * Decodes to 8-bit blue-green-red, turned as EXIF says.
   *
   * @param reduction 1, or 2, 4 or 8 for a JPEG in a fraction of its size
   * @param rows decoded at least, of a JPEG of full size, from the top; 0 for all
   * @return the caller's to release
   * @throws DataException if the file is no image, or broken
   */
  Mat decoded(int reduction, int rows) {
    OpenCvNative.require();
    Mat bytes = bytes(rows);
    try {
      Mat decoded = Imgcodecs.imdecode(bytes, flag(reduction));
      if (decoded.empty()) {
        throw unreadable(null);
      }
      return decoded;
    } catch (CvException e) {
      throw unreadable(e);
    } finally {
      bytes.release();
    }
  }

  /**
   * The file for the decoder. Where only the upper rows are needed, the header says that there are
   * no more, and the end mark is left out: the decoder stops there, without looking for it.
   */
  private Mat bytes(int rows) {
    if (jpeg == null || rows == 0 || jpeg.rowsToDecode(rows) == jpeg.height()) {
      return new MatOfByte(file);
    }
    int end = jpeg.end(file);
    int fewer = jpeg.rowsToDecode(rows);
    Mat bytes = new Mat(end, 1, CvType.CV_8UC1);
    bytes.put(0, 0, file, 0, end);
    bytes.put(jpeg.heightAt(), 0, new byte[] {(byte) (fewer >> 8), (byte) fewer});
    return bytes;
  }

  private DataException unreadable(@Nullable CvException cause) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "no image that can be decoded; expected JPEG, PNG, BMP, TIFF or WebP, the file has %,d"
                + " bytes and begins with %s",
            file.length,
            HexFormat.ofDelimiter(" ").formatHex(file, 0, Math.min(8, file.length))),
        cause);
  }

  private static void requireComplete(boolean complete, String format, byte[] file) {
    if (!complete) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "the %s file is truncated or broken: it ends after %,d bytes without its end mark",
              format,
              file.length));
    }
  }

  private static int flag(int reduction) {
    return switch (reduction) {
      case 2 -> Imgcodecs.IMREAD_REDUCED_COLOR_2;
      case 4 -> Imgcodecs.IMREAD_REDUCED_COLOR_4;
      case 8 -> Imgcodecs.IMREAD_REDUCED_COLOR_8;
      default -> Imgcodecs.IMREAD_COLOR;
    };
  }

  private static boolean startsWith(byte[] file, byte[] mark) {
    return file.length >= mark.length && matches(file, 0, mark);
  }

  private static int lastIndexOf(byte[] file, byte[] mark) {
    for (int i = file.length - mark.length; i >= 0; i--) {
      if (matches(file, i, mark)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] file, int at, byte[] mark) {
    for (int i = 0; i < mark.length; i++) {
      if (file[at + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
