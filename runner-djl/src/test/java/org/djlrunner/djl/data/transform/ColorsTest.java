package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of pixel values, exactly. */
@DisplayName("F02 transforms of colours")
class ColorsTest {
  private static final int[][] RAMP = {{0, 50, 127, 128, 200, 255}};

  @Test
  void invertGivesTheNegative() {
    assertThat(Pictures.after(new Invert(1), RAMP))
        .containsExactly(List.of(255, 205, 128, 127, 55, 0));
  }

  @Test
  void solarizeInvertsFromTheThresholdOn() {
    assertThat(Pictures.after(new Solarize(128, 1), RAMP))
        .containsExactly(List.of(0, 50, 127, 127, 55, 0));
    assertThat(Pictures.after(new Solarize(256, 1), RAMP))
        .containsExactly(List.of(0, 50, 127, 128, 200, 255));
  }

  @Test
  void solarizeAddBrightensBelowTheThreshold() {
    assertThat(Pictures.after(new SolarizeAdd(150, 128, 1), RAMP))
        .containsExactly(List.of(150, 200, 255, 128, 200, 255));
  }

  @Test
  void posterizeKeepsTheHighestBits() {
    assertThat(Pictures.after(new Posterize(1, 1), RAMP))
        .containsExactly(List.of(0, 0, 0, 128, 128, 128));
    assertThat(Pictures.after(new Posterize(2.3, 1), RAMP))
        .containsExactly(List.of(0, 32, 96, 128, 192, 224));
    assertThat(Pictures.after(new Posterize(0, 1), RAMP))
        .containsExactly(List.of(0, 0, 0, 0, 0, 0));
    assertThatThrownBy(() -> new Posterize(9, 1)).hasMessageContaining("bits must be 0 to 8");
  }

  @Test
  void autoContrastSpreadsEachChannel() {
    // 255 / 51 is 5: five times the distance from 50.
    assertThat(Pictures.after(new AutoContrast(1), new int[][] {{50, 75, 101}}))
        .containsExactly(List.of(0, 125, 255));
    assertThat(Pictures.after(new AutoContrast(1), new int[][] {{7, 7}}))
        .containsExactly(List.of(7, 7));
    assertThat(Pictures.afterRgb(new AutoContrast(1), new int[][] {{0, 10, 5, 255, 20, 5}}))
        .containsExactly(List.of(0, 0, 5, 255, 255, 5));
  }

  @Test
  void equalizeMakesValuesAboutEquallyFrequent() {
    // 510 pixels below the last value: a step of 2, so each value of one pixel counts half.
    int[][] rows = new int[1][511];
    for (int x = 0; x < 511; x++) {
      rows[0][x] = x < 255 ? 10 : x < 510 ? 20 : 30;
    }
    List<Integer> row = Pictures.after(new Equalize(1), rows).get(0);
    assertThat(row.get(0)).isZero();
    // (255 + 1) / 2
    assertThat(row.get(255)).isEqualTo(128);
    // (510 + 1) / 2
    assertThat(row.get(510)).isEqualTo(255);
    assertThat(Pictures.after(new Equalize(1), RAMP))
        .as("fewer pixels than values: nothing to spread")
        .containsExactly(List.of(0, 50, 127, 128, 200, 255));
  }

  @Test
  void brightnessMultipliesAndCutsOff() {
    assertThat(Pictures.after(new Brightness(0.5, 1, 0), RAMP))
        .containsExactly(List.of(0, 75, 190, 192, 255, 255));
    assertThat(Pictures.after(new Brightness(0.5, 1, 1), RAMP))
        .containsExactly(List.of(0, 25, 63, 64, 100, 127));
  }

  @Test
  void contrastMovesAwayFromTheMeanGrey() {
    // The mean is 100: 2 * v - 100.
    assertThat(Pictures.after(new Contrast(1, 1, 0), new int[][] {{40, 100, 160, 100}}))
        .containsExactly(List.of(0, 100, 220, 100));
    assertThat(Pictures.after(new Contrast(1, 1, 1), new int[][] {{40, 100, 160, 100}}))
        .as("without contrast all is grey")
        .containsExactly(List.of(100, 100, 100, 100));
  }

  @Test
  void saturationMovesAwayFromEachPixelsGrey() {
    int[][] red = {{255, 0, 0}};
    assertThat(Pictures.afterRgb(new ColorTransform(1, 1, 1), red))
        .containsExactly(List.of(76, 76, 76));
    // 0.5 * v + 0.5 * 76
    assertThat(Pictures.afterRgb(new ColorTransform(0.5, 1, 1), red))
        .containsExactly(List.of(166, 38, 38));
    assertThat(Pictures.afterRgb(new ColorTransform(0.5, 1, 0), red))
        .containsExactly(List.of(255, 0, 0));
    assertThat(Pictures.after(new ColorTransform(0.5, 1, 1), RAMP))
        .as("grey pictures have none")
        .containsExactly(List.of(0, 50, 127, 128, 200, 255));
  }

  @Test
  void sharpnessMovesAwayFromTheSmoothedPicture() {
    int[][] dot = {{0, 0, 0}, {0, 130, 0}, {0, 0, 0}};
    // Smoothed: 50 in the middle; at its sides 20, for the mirror shows the dot twice, and 40 in
    // the
    // corners, where it shows it four times.
    assertThat(Pictures.after(new Sharpness(1, 1, 1), dot))
        .containsExactly(List.of(40, 20, 40), List.of(20, 50, 20), List.of(40, 20, 40));
    assertThat(Pictures.after(new Sharpness(1, 1, 0), dot))
        .containsExactly(List.of(0, 0, 0), List.of(0, 210, 0), List.of(0, 0, 0));
  }

  @Test
  void grayscaleKeepsThreeChannels() {
    assertThat(
            Pictures.afterRgb(
                new RandomGrayscale(1), new int[][] {{255, 0, 0, 0, 255, 0, 0, 0, 255}}))
        .containsExactly(List.of(76, 76, 76, 150, 150, 150, 29, 29, 29));
  }

  @Test
  void lightingShiftsAllPixelsOfAChannelAlike() {
    Lighting lighting =
        new Lighting(List.of(20.0), List.of(List.of(1.0), List.of(0.0), List.of(-1.0)), 1);
    Set<Integer> shifts = new HashSet<>();
    for (int sample = 0; sample < 20; sample++) {
      try (Picture picture = Pictures.rgb(new int[][] {{100, 100, 100, 110, 110, 110}})) {
        lighting.apply(picture, new SampleRandom().begin(0, 0, sample));
        List<Integer> row = Pictures.rows(picture).get(0);
        int shift = row.get(0) - 100;
        assertThat(row)
            .containsExactly(100 + shift, 100, 100 - shift, 110 + shift, 110, 110 - shift);
        shifts.add(shift);
      }
    }
    assertThat(shifts).hasSizeGreaterThan(5);
  }

  @Test
  void jitterWithoutStrengthChangesNothing() {
    assertThat(Pictures.afterRgb(new ColorJitter(0, 0, 0), new int[][] {{10, 20, 30}}))
        .containsExactly(List.of(10, 20, 30));
  }

  @Test
  void jitterStaysWithinItsStrength() {
    Set<Integer> seen = new HashSet<>();
    for (int sample = 0; sample < 200; sample++) {
      seen.add(
          Pictures.after(new ColorJitter(0.5, 0, 0), new int[][] {{100}}, sample).get(0).get(0));
    }
    assertThat(seen)
        .allMatch(v -> v >= 50 && v <= 150)
        .anyMatch(v -> v < 70)
        .anyMatch(v -> v > 130);
  }

  @Test
  void blueGreenRedIsForNetworksThatSeeItSo() {
    assertThat(Pictures.afterRgb(new SwapChannels(), new int[][] {{1, 2, 3, 4, 5, 6}}))
        .containsExactly(List.of(3, 2, 1, 6, 5, 4));
  }
}
