package org.djlrunner.djl.data.transform;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One policy of several, at random, all its transforms in order: MMClassification's {@code
 * AutoAugment}.
 *
 * @param policies none of them empty
 */
public record AutoAugment(List<List<ImageTransform>> policies) implements ImageTransform {
  /** Rejects empty lists. */
  public AutoAugment {
    policies = policies.stream().map(List::copyOf).toList();
    if (policies.isEmpty() || policies.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "policies must be a list of lists of transforms, none of them empty");
    }
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    for (ImageTransform step : policies.get(random.between(0, policies.size() - 1))) {
      step.apply(picture, random);
    }
  }

  @Override
  public Extent after(Extent before) {
    Set<Extent> sizes =
        policies.stream()
            .map(
                policy -> {
                  Extent size = before;
                  for (ImageTransform step : policy) {
                    size = step.after(size);
                  }
                  return size;
                })
            .collect(Collectors.toSet());
    return sizes.size() == 1 ? sizes.iterator().next() : Extent.VARIES;
  }
}
