package org.djlrunner.djl.data.transform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some transforms of many, at random and with repetition, at a common strength: MMClassification's
 * {@code RandAugment}.
 *
 * @param policies what is chosen from, 1 or more
 * @param count how many are applied, 1 or more ({@code num_policies})
 * @param level the strength ({@code magnitude_level}), 0 to {@code totalLevel}
 * @param deviation of the strength, 0 for none, infinite for any strength up to {@code level}
 * @param totalLevel the strength that gives a range's second end; default 30
 */
public record RandAugment(
    List<Policy> policies, int count, double level, double deviation, double totalLevel)
    implements ImageTransform {
  /**
   * A transform and what the strength is to it.
   *
   * @param transform a {@link GradedTransform} if there is a range
   * @param range what the levels 0 and {@code totalLevel} mean, null for none
   */
  public record Policy(ImageTransform transform, @Nullable Range range) {}

  /**
   * The ends of a range, in any order.
   *
   * @param first at level 0
   * @param second at the total level
   */
  public record Range(double first, double second) {}

  /** Rejects counts and levels that are none, and tries each range's ends. */
  public RandAugment {
    policies = List.copyOf(policies);
    if (policies.isEmpty() || count < 1) {
      throw new IllegalArgumentException(
          "RandAugment needs policies, and num_policies of 1 or more");
    }
    if (!(totalLevel > 0 && level >= 0 && level <= totalLevel)) {
      throw new IllegalArgumentException(
          "magnitude_level must be 0 to total_level, got " + level + " of " + totalLevel);
    }
    for (Policy policy : policies) {
      if (policy.range() != null) {
        at(policy, 0, totalLevel);
        at(policy, totalLevel, totalLevel);
      }
    }
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    for (int i = 0; i < count; i++) {
      Policy policy = policies.get(random.between(0, policies.size() - 1));
      at(policy, strength(random), totalLevel).apply(picture, random);
    }
  }

  @Override
  public Extent after(Extent before) {
    boolean same = policies.stream().allMatch(p -> p.transform().after(before).equals(before));
    return same ? before : Extent.VARIES;
  }

  private double strength(SampleRandom random) {
    if (deviation == Double.POSITIVE_INFINITY) {
      return random.uniform(0, level);
    }
    return deviation > 0
        ? Math.max(0, Math.min(totalLevel, random.gaussian(level, deviation)))
        : level;
  }

  private static ImageTransform at(Policy policy, double strength, double totalLevel) {
    Range range = policy.range();
    if (range == null) {
      return policy.transform();
    }
    if (!(policy.transform() instanceof GradedTransform graded)) {
      throw new IllegalArgumentException(
          policy.transform().getClass().getSimpleName() + " has no magnitude");
    }
    return graded.withMagnitude(
        strength / totalLevel * (range.second() - range.first()) + range.first());
  }
}
