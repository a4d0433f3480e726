package org.djlrunner.djl.data.transform;

/**
 * Changes brightness, contrast and saturation in random order, each by a factor of up to 1 plus or
 * minus its strength: MMClassification's {@code ColorJitter}.
 *
 * @param brightness strength, 0 or more
 * @param contrast strength, 0 or more
 * @param saturation strength, 0 or more
 */
public record ColorJitter(double brightness, double contrast, double saturation)
    implements ImageTransform {
  /** Rejects negative strengths. */
  public ColorJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)) {
      throw new IllegalArgumentException(
          "brightness, contrast and saturation must be 0 or more, got "
              + String.join(", ", "" + brightness, "" + contrast, "" + saturation));
    }
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    ImageTransform[] steps = {
      new Brightness(random.uniform(0, brightness), 1, 0.5),
      new Contrast(random.uniform(0, contrast), 1, 0.5),
      new ColorTransform(random.uniform(0, saturation), 1, 0.5)
    };
    for (int left = steps.length; left > 0; left--) {
      int chosen = random.between(0, left - 1);
      steps[chosen].apply(picture, random);
      steps[chosen] = steps[left - 1];
    }
  }
}
