package org.djlrunner.djl.data.transform;

/** Red-green-blue becomes blue-green-red, for networks that see it so. Grey stays. */
public record SwapChannels() implements ImageTransform {
  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (picture.channels() != 3) {
      return;
    }
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    for (int i = 0; i < bytes; i += 3) {
      byte red = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = red;
    }
  }

  @Override
  public boolean isRandom() {
    return false;
  }
}
