package org.djlrunner.djl.data.transform;

import java.util.List;
import java.util.Optional;

/**
 * Policies that have a name in MMClassification's configs.
 *
 * @param beyond what is beyond an image's edges
 * @param interpolation of all that moves pixels; empty for each transform's own default
 */
public record PolicyPresets(FillValue beyond, Optional<Interpolation> interpolation) {

  /** The 25 policies that AutoAugment (Cubuk et al., 2018) found on ImageNet. */
  public AutoAugment imageNet() {
    return new AutoAugment(
        List.of(
            List.of(new Posterize(4, 0.4), rotate(9, 0.6)),
            List.of(solarize(4, 0.6), new AutoContrast(0.6)),
            List.of(new Equalize(0.8), new Equalize(0.6)),
            List.of(new Posterize(5, 0.6), new Posterize(5, 0.6)),
            List.of(new Equalize(0.4), solarize(5, 0.2)),
            List.of(new Equalize(0.4), rotate(8, 0.8)),
            List.of(solarize(6, 0.6), new Equalize(0.6)),
            List.of(new Posterize(6, 0.8), new Equalize(1)),
            List.of(rotate(3, 0.2), solarize(1, 0.6)),
            List.of(new Equalize(0.6), new Posterize(5, 0.4)),
            List.of(rotate(8, 0.8), color(0, 0.4)),
            List.of(rotate(9, 0.4), new Equalize(0.6)),
            List.of(new Equalize(0), new Equalize(0.8)),
            List.of(new Invert(0.6), new Equalize(1)),
            List.of(color(0.4, 0.6), new Contrast(0.8, 1, 0.5)),
            List.of(rotate(8, 0.8), color(0.2, 1)),
            List.of(color(0.8, 0.8), solarize(2, 0.8)),
            List.of(new Sharpness(0.7, 0.4, 0.5), new Invert(0.6)),
            List.of(shear(0.3 / 9 * 5, 0.6, Direction.HORIZONTAL), new Equalize(1)),
            List.of(color(0, 0.4), new Equalize(0.6)),
            List.of(new Equalize(0.4), solarize(5, 0.2)),
            List.of(solarize(4, 0.6), new AutoContrast(0.6)),
            List.of(new Invert(0.6), new Equalize(1)),
            List.of(color(0.4, 0.6), new Contrast(0.8, 1, 0.5)),
            List.of(new Equalize(0.8), new Equalize(0.6))));
  }

  /** RandAugment's transforms, all of them stronger with the level, as in timm. */
  public List<RandAugment.Policy> increasing() {
    return List.of(
        policy(new AutoContrast(0.5)),
        policy(new Equalize(0.5)),
        policy(new Invert(0.5)),
        policy(rotate(0, 0.5), 0, 30),
        policy(new Posterize(0, 0.5), 4, 0),
        policy(new Solarize(0, 0.5), 256, 0),
        policy(new SolarizeAdd(0, 128, 0.5), 0, 110),
        policy(color(0, 0.5), 0, 0.9),
        policy(new Contrast(0, 0.5, 0.5), 0, 0.9),
        policy(new Brightness(0, 0.5, 0.5), 0, 0.9),
        policy(new Sharpness(0, 0.5, 0.5), 0, 0.9),
        policy(shear(0, 0.5, Direction.HORIZONTAL), 0, 0.3),
        policy(shear(0, 0.5, Direction.VERTICAL), 0, 0.3),
        policy(translate(Direction.HORIZONTAL), 0, 0.45),
        policy(translate(Direction.VERTICAL), 0, 0.45));
  }

  private Rotate rotate(int level, double probability) {
    return new Rotate(
        30.0 / 9 * level, 1, beyond, probability, 0.5, interpolation.orElse(Interpolation.NEAREST));
  }

  private static Solarize solarize(int level, double probability) {
    return new Solarize(256.0 / 9 * level, probability);
  }

  private static ColorTransform color(double magnitude, double probability) {
    return new ColorTransform(magnitude, probability, 0.5);
  }

  private Shear shear(double magnitude, double probability, Direction direction) {
    return new Shear(
        magnitude,
        beyond,
        probability,
        direction,
        0.5,
        interpolation.orElse(Interpolation.BICUBIC));
  }

  private Translate translate(Direction direction) {
    return new Translate(
        0, beyond, 0.5, direction, 0.5, interpolation.orElse(Interpolation.NEAREST));
  }

  private static RandAugment.Policy policy(ImageTransform transform) {
    return new RandAugment.Policy(transform, null);
  }

  private static RandAugment.Policy policy(GradedTransform transform, double at0, double atTotal) {
    return new RandAugment.Policy(transform, new RandAugment.Range(at0, atTotal));
  }
}
