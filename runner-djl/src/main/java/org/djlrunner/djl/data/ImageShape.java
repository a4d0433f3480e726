package org.djlrunner.djl.data;

/**
 * The size of every image of a data set.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 for grey, 3 for red-green-blue
 */
public record ImageShape(int height, int width, int channels) {
  /** The bytes of one image, stored height-width-channel. */
  public int bytes() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
