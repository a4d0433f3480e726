package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Transforms that choose among others. */
@DisplayName("F04 AutoAugment and RandAugment")
class PoliciesTest {
  private static final int[][] TEN = {{10}};

  @Test
  void autoAugmentAppliesOnePolicyWithAllItsSteps() {
    AutoAugment two =
        new AutoAugment(
            List.of(
                List.of(new Invert(1), new SolarizeAdd(5, 256, 1)),
                List.of(new Brightness(1, 1, 0))));
    Set<Integer> seen = new HashSet<>();
    for (int sample = 0; sample < 50; sample++) {
      seen.add(Pictures.after(two, TEN, sample).get(0).get(0));
    }
    assertThat(seen).containsExactlyInAnyOrder(250, 20);
  }

  @Test
  void randAugmentAppliesSeveralWithRepetition() {
    RandAugment twice = new RandAugment(List.of(add(0, 30)), 2, 15, 0, 30);
    assertThat(Pictures.after(twice, TEN)).containsExactly(List.of(10 + 15 + 15));
  }

  @Test
  void theLevelIsAPlaceInTheRange() {
    assertThat(Pictures.after(new RandAugment(List.of(add(60, 0)), 1, 10, 0, 30), TEN))
        .containsExactly(List.of(10 + 40));
  }

  @Test
  void theLevelMayVaryWithinItsLimits() {
    Set<Integer> around = new HashSet<>();
    Set<Integer> upTo = new HashSet<>();
    for (int sample = 0; sample < 300; sample++) {
      around.add(
          Pictures.after(new RandAugment(List.of(add(0, 30)), 1, 15, 100, 30), TEN, sample)
              .get(0)
              .get(0));
      upTo.add(
          Pictures.after(
                  new RandAugment(List.of(add(0, 30)), 1, 15, Double.POSITIVE_INFINITY, 30),
                  TEN,
                  sample)
              .get(0)
              .get(0));
    }
    assertThat(around).contains(10, 40).allMatch(v -> v >= 10 && v <= 40);
    assertThat(upTo).allMatch(v -> v >= 10 && v < 25).hasSizeGreaterThan(10);
  }

  @Test
  void rangesThatATransformCannotTakeAreRefusedBeforeAnyImage() {
    assertThatThrownBy(
            () ->
                new RandAugment(
                    List.of(
                        new RandAugment.Policy(new Posterize(0, 1), new RandAugment.Range(4, 10))),
                    1,
                    0,
                    0,
                    30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits");
  }

  @Test
  void thePoliciesOfPapersKeepThePictureAndChangeIt() {
    int[][] rows = Pictures.counting(12, 12);
    PolicyPresets named = new PolicyPresets(FillValue.of(128), Optional.empty());
    List<ImageTransform> presets =
        List.of(named.imageNet(), new RandAugment(named.increasing(), 2, 9, 0.5, 30));
    for (ImageTransform preset : presets) {
      Set<List<List<Integer>>> seen = new HashSet<>();
      for (int sample = 0; sample < 60; sample++) {
        List<List<Integer>> result = Pictures.after(preset, rows, sample);
        assertThat(result).hasSize(12).allMatch(row -> row.size() == 12);
        seen.add(result);
      }
      assertThat(seen).hasSizeGreaterThan(5);
      assertThat(preset.after(new Extent(12, 12))).isEqualTo(new Extent(12, 12));
    }
    assertThat(named.imageNet().policies()).hasSize(25);
    assertThat(named.increasing()).hasSize(15);
  }

  /** Adds the strength to every pixel. */
  private static RandAugment.Policy add(double at0, double atTotal) {
    return new RandAugment.Policy(new SolarizeAdd(0, 256, 1), new RandAugment.Range(at0, atTotal));
  }
}
