package org.djlrunner.djl.data.transform;

import java.nio.ByteBuffer;
import org.djlrunner.djl.data.DataException;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;

/**
 * One image on its way through a pipeline: uint8 pixels, height-width-channel, red-green-blue.
 *
 * <p>It stays an undecoded file, or in OpenCV's memory, as long as nobody asks for {@link #pixels},
 * so that cropping and resizing touch no pixel that is thrown away. An object serves one thread and
 * one image after another, and keeps its memory in between.
 */
public final class Picture implements Canvas, AutoCloseable {
  private @Nullable EncodedImage encoded;
  private boolean reduced;
  private boolean outside;
  private final NativePixels natives = new NativePixels();
  private byte[] pixels = new byte[0];
  private byte[] spare = new byte[0];
  private int height;
  private int width;
  private int channels;

  /** A picture of nothing. */
  public Picture() {}

  /**
   * Begins with an image file; it is decoded when that is needed.
   *
   * @param mayReduce whether a JPEG may be decoded smaller where it is resized first
   * @throws DataException if the file is empty or truncated
   */
  public void beginEncoded(byte[] file, boolean mayReduce) {
    EncodedImage image = EncodedImage.of(file);
    encoded = image;
    reduced = mayReduce;
    outside = false;
    channels = 3;
    JpegHeader header = image.jpeg();
    if (header == null) {
      decode(1, 0);
    } else {
      height = header.height();
      width = header.width();
    }
  }

  /**
   * Begins with pixels.
   *
   * @return where to write them, from index 0
   */
  public byte[] begin(int rows, int columns, int depth) {
    encoded = null;
    outside = false;
    height = rows;
    width = columns;
    channels = depth;
    pixels = atLeast(pixels, bytes());
    return pixels;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  /** 1 for grey, 3 for red-green-blue. */
  public int channels() {
    return channels;
  }

  /** The bytes of all pixels. */
  public int bytes() {
    return height * width * channels;
  }

  /** The pixels from index 0 on, to read and to change; what lies behind them means nothing. */
  public byte[] pixels() {
    if (encoded != null) {
      decode(1, 0);
    }
    if (outside) {
      pixels = atLeast(pixels, bytes());
      natives.copyTo(pixels);
      outside = false;
    }
    return pixels;
  }

  /** Writes the pixels to a buffer, from its position on, which moves. */
  public void writeTo(ByteBuffer target) {
    if (encoded != null) {
      decode(1, 0);
    }
    if (outside && target.isDirect()) {
      natives.copyTo(target);
    } else {
      target.put(pixels(), 0, bytes());
    }
  }

  /**
   * Becomes a part of itself, resized: by OpenCV's formulas, as {@code cv2.resize} does.
   *
   * @throws DataException if the file can't be decoded
   */
  public void resize(
      int top, int left, int rows, int columns, Extent size, Interpolation interpolation) {
    if (encoded != null) {
      int reduction =
          reduced && interpolation != Interpolation.NEAREST
              ? reduction(Math.min(rows / size.height(), columns / size.width()))
              : 1;
      int fullWidth = width;
      int fullHeight = decode(reduction, top + rows);
      if (reduction > 1) {
        // In fractions of the picture, which may be a pixel larger than its exact half.
        double y = (double) height / fullHeight;
        double x = (double) width / fullWidth;
        int y0 = (int) Math.round(top * y);
        int x0 = (int) Math.round(left * x);
        resizePart(
            y0,
            x0,
            Math.max(1, (int) Math.round((top + rows) * y) - y0),
            Math.max(1, (int) Math.round((left + columns) * x) - x0),
            size,
            interpolation);
        return;
      }
    }
    resizePart(top, left, rows, columns, size, interpolation);
  }

  @Override
  public void window(
      int top, int left, int rows, int columns, PaddingMode beyond, FillValue value) {
    if (top == 0 && left == 0 && rows == height && columns == width) {
      return;
    }
    boolean inside = top >= 0 && left >= 0 && top + rows <= height && left + columns <= width;
    if (inside && (encoded != null || outside)) {
      if (encoded != null) {
        decode(1, top + rows);
      }
      natives.crop(top, left, rows, columns);
    } else {
      byte[] from = pixels();
      byte[] to = atLeast(spare, rows * columns * channels);
      new PixelWindow(from, height, width, channels, to)
          .copy(top, left, rows, columns, beyond, value);
      spare = from;
      pixels = to;
    }
    height = rows;
    width = columns;
  }

  @Override
  public void fill(int top, int left, int rows, int columns, FillValue value) {
    // What fills nothing needs no pixels.
    if (rows > 0 && columns > 0) {
      new Rectangle(top, left, rows, columns).fill(this, value);
    }
  }

  @Override
  public void flip(boolean horizontally, boolean vertically) {
    if (encoded != null) {
      decode(1, 0);
    }
    if (outside) {
      natives.flip(horizontally, vertically);
      return;
    }
    if (horizontally) {
      Mirror.columns(pixels, height, width, channels);
    }
    if (vertically) {
      Mirror.rows(pixels, height, width * channels);
    }
  }

  /**
   * Becomes what OpenCV's {@code warpAffine} makes of it, in its size.
   *
   * @param matrix six numbers, two rows: where a pixel goes
   */
  public void warp(double[] matrix, Interpolation interpolation, FillValue beyond) {
    toNative();
    natives.warp(matrix, interpolation, beyond, channels);
  }

  /** A second buffer of the size of the pixels, for a transform's own use. */
  byte[] scratch() {
    spare = atLeast(spare, bytes());
    return spare;
  }

  /** Frees the memory outside the Java heap; the picture can begin again. */
  @Override
  public void close() {
    natives.close();
  }

  private void resizePart(
      int top, int left, int rows, int columns, Extent size, Interpolation interpolation) {
    toNative();
    natives.resize(top, left, rows, columns, size, interpolation);
    height = size.height();
    width = size.width();
  }

  private void toNative() {
    if (encoded != null) {
      decode(1, 0);
    } else if (!outside) {
      natives.take(pixels, height, width, channels);
      outside = true;
    }
  }

  /**
   * Decodes the file, from the top to at least the row asked for.
   *
   * @param rows in the file's own size, 0 for all
   * @return the rows decoded, in the file's own size
   */
  private int decode(int reduction, int rows) {
    EncodedImage image = encoded;
    if (image == null) {
      throw new IllegalStateException("there is no file to decode");
    }
    encoded = null;
    int fullHeight = height;
    JpegHeader header = image.jpeg();
    Mat decoded = image.decoded(reduction, rows);
    natives.takeDecoded(decoded);
    outside = true;
    height = decoded.rows();
    width = decoded.cols();
    return header == null || rows == 0 ? fullHeight : header.rowsToDecode(rows);
  }

  /** The largest of 1, 2, 4 and 8 that leaves at least the pixels asked for. */
  private static int reduction(int factor) {
    return factor >= 8 ? 8 : factor >= 4 ? 4 : factor >= 2 ? 2 : 1;
  }

  /** A buffer that OpenCV, too, takes for any number of channels. */
  private static byte[] atLeast(byte[] buffer, int bytes) {
    return buffer.length >= bytes ? buffer : new byte[(bytes + 11) / 12 * 12];
  }
}
