package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.djlrunner.djl.data.DataException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Where pixels go, exactly. */
@DisplayName("F01 transforms of sizes and places")
class GeometryTest {
  private static final FillValue NINE = FillValue.of(9);

  @Nested
  class Flip {
    private final int[][] twoByThree = {{1, 2, 3}, {4, 5, 6}};

    @Test
    void horizontallyLeftBecomesRight() {
      assertThat(Pictures.after(new RandomFlip(1, Direction.HORIZONTAL), twoByThree))
          .containsExactly(List.of(3, 2, 1), List.of(6, 5, 4));
    }

    @Test
    void verticallyTopBecomesBottom() {
      assertThat(Pictures.after(new RandomFlip(1, Direction.VERTICAL), twoByThree))
          .containsExactly(List.of(4, 5, 6), List.of(1, 2, 3));
    }

    @Test
    void colorsStayTogether() {
      int[][] row = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
      assertThat(Pictures.afterRgb(new RandomFlip(1, Direction.HORIZONTAL), row))
          .containsExactly(List.of(7, 8, 9, 4, 5, 6, 1, 2, 3));
    }

    @Test
    void theProbabilityDecidesHowOften() {
      int flipped = 0;
      for (int sample = 0; sample < 1000; sample++) {
        var rows = Pictures.after(new RandomFlip(0.3, Direction.HORIZONTAL), twoByThree, sample);
        flipped += rows.get(0).get(0) == 3 ? 1 : 0;
      }
      assertThat(flipped).isBetween(250, 350);
    }
  }

  @Nested
  class Cropping {
    @Test
    void theMiddleIsRoundedToEven() {
      assertThat(Pictures.after(new CenterCrop(new Extent(2, 2)), Pictures.counting(4, 4)))
          .containsExactly(List.of(5, 6), List.of(9, 10));
      // 1.5 rows above become 2, 0.5 columns at the left become 0.
      assertThat(Pictures.after(new CenterCrop(new Extent(2, 2)), Pictures.counting(5, 3)))
          .containsExactly(List.of(6, 7), List.of(9, 10));
    }

    @Test
    void aPictureSmallerThanTheMiddleIsRefused() {
      CenterCrop crop = new CenterCrop(new Extent(3, 2));
      assertThatThrownBy(() -> Pictures.after(crop, Pictures.counting(2, 2)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("2x2")
          .hasMessageContaining("CenterCrop's 3x2");
      assertThatThrownBy(() -> crop.after(new Extent(2, 2)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRandomCropIsAnyWindowAndNoOther() {
      Set<List<List<Integer>>> seen = new HashSet<>();
      for (int sample = 0; sample < 200; sample++) {
        seen.add(
            Pictures.after(
                crop(2, Padding.NONE, PaddingMode.CONSTANT), Pictures.counting(3, 3), sample));
      }
      assertThat(seen)
          .containsExactlyInAnyOrder(
              List.of(List.of(0, 1), List.of(3, 4)),
              List.of(List.of(1, 2), List.of(4, 5)),
              List.of(List.of(3, 4), List.of(6, 7)),
              List.of(List.of(4, 5), List.of(7, 8)));
    }

    @Test
    void aRandomCropSeesItsPadding() {
      Set<List<List<Integer>>> seen = new HashSet<>();
      int[][] one = {{5}};
      for (int sample = 0; sample < 200; sample++) {
        seen.add(
            Pictures.after(crop(2, new Padding(1, 1, 1, 1), PaddingMode.CONSTANT), one, sample));
      }
      assertThat(seen)
          .containsExactlyInAnyOrder(
              List.of(List.of(5, 9), List.of(9, 9)),
              List.of(List.of(9, 5), List.of(9, 9)),
              List.of(List.of(9, 9), List.of(5, 9)),
              List.of(List.of(9, 9), List.of(9, 5)));
    }

    @Test
    void aSmallerPictureIsRefusedOrPaddedOnBothSides() {
      int[][] row = {{1, 2, 3}};
      assertThatThrownBy(() -> Pictures.after(crop(3, Padding.NONE, PaddingMode.CONSTANT), row))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("1x3")
          .hasMessageContaining("pad_if_needed");
      RandomCrop padding =
          new RandomCrop(new Extent(3, 3), Padding.NONE, true, NINE, PaddingMode.CONSTANT);
      Set<List<List<Integer>>> seen = new HashSet<>();
      for (int sample = 0; sample < 100; sample++) {
        seen.add(Pictures.after(padding, row, sample));
      }
      List<Integer> picture = List.of(1, 2, 3);
      List<Integer> fill = List.of(9, 9, 9);
      assertThat(seen)
          .containsExactlyInAnyOrder(
              List.of(picture, fill, fill),
              List.of(fill, picture, fill),
              List.of(fill, fill, picture));
    }

    private RandomCrop crop(int size, Padding padding, PaddingMode mode) {
      return new RandomCrop(new Extent(size, size), padding, false, NINE, mode);
    }
  }

  @Nested
  class Padded {
    private final int[][] abcd = {{1, 2, 3, 4}};

    @Test
    void byAConstant() {
      assertThat(row(PaddingMode.CONSTANT)).containsExactly(9, 9, 9, 1, 2, 3, 4, 9, 9, 9);
    }

    @Test
    void byTheLastPixel() {
      assertThat(row(PaddingMode.EDGE)).containsExactly(1, 1, 1, 1, 2, 3, 4, 4, 4, 4);
    }

    @Test
    void byAMirrorWithoutTheLastPixel() {
      assertThat(row(PaddingMode.REFLECT)).containsExactly(4, 3, 2, 1, 2, 3, 4, 3, 2, 1);
    }

    @Test
    void byAMirrorWithTheLastPixel() {
      assertThat(row(PaddingMode.SYMMETRIC)).containsExactly(3, 2, 1, 1, 2, 3, 4, 4, 3, 2);
    }

    @Test
    void beyondAWholeMirrorImage() {
      try (Picture picture = Pictures.grey(new int[][] {{1, 2}})) {
        picture.window(0, -5, 1, 12, PaddingMode.REFLECT, NINE);
        assertThat(Pictures.rows(picture))
            .containsExactly(List.of(2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1));
      }
    }

    @Test
    void aboveAndBelowTheSameWay() {
      try (Picture picture = Pictures.grey(new int[][] {{1}, {2}, {3}})) {
        picture.window(-2, 0, 7, 1, PaddingMode.REFLECT, NINE);
        assertThat(Pictures.rows(picture).stream().map(r -> r.get(0)))
            .containsExactly(3, 2, 1, 2, 3, 2, 1);
      }
    }

    @Test
    void wholeRowsBeyondThePicture() {
      try (Picture picture = Pictures.rgb(new int[][] {{1, 2, 3}})) {
        picture.window(0, 1, 2, 1, PaddingMode.CONSTANT, new FillValue(List.of(7, 8, 9)));
        assertThat(Pictures.rows(picture)).containsExactly(List.of(7, 8, 9), List.of(7, 8, 9));
      }
    }

    @Test
    void padAddsAtTheRightAndAtTheBottomAndCutsNothing() {
      Pad pad = new Pad(new Extent(2, 3), NINE, PaddingMode.CONSTANT);
      assertThat(Pictures.after(pad, new int[][] {{1, 2}}))
          .containsExactly(List.of(1, 2, 9), List.of(9, 9, 9));
      assertThat(Pictures.after(pad, abcd))
          .containsExactly(List.of(1, 2, 3, 4), List.of(9, 9, 9, 9));
      Pad square = new Pad(Extent.VARIES, NINE, PaddingMode.EDGE);
      assertThat(Pictures.after(square, new int[][] {{1, 2}}))
          .containsExactly(List.of(1, 2), List.of(1, 2));
    }

    private List<Integer> row(PaddingMode mode) {
      try (Picture picture = Pictures.grey(abcd)) {
        picture.window(0, -3, 1, 10, mode, NINE);
        return Pictures.rows(picture).get(0);
      }
    }
  }

  @Nested
  class Resized {
    @Test
    void bilinearHalvesByMeansOfFour() {
      int[][] rows = {{0, 4, 8, 12}, {4, 8, 12, 16}, {100, 100, 0, 0}, {100, 100, 0, 1}};
      assertThat(Pictures.after(new Resize(new Extent(2, 2), Interpolation.BILINEAR), rows))
          .containsExactly(List.of(4, 12), List.of(100, 0));
    }

    @Test
    void nearestTakesEverySecondPixel() {
      assertThat(
              Pictures.after(
                  new Resize(new Extent(2, 2), Interpolation.NEAREST), Pictures.counting(4, 4)))
          .containsExactly(List.of(0, 2), List.of(8, 10));
    }

    @Test
    void bilinearDoublesWithQuarters() {
      assertThat(
              Pictures.after(
                  new Resize(new Extent(1, 4), Interpolation.BILINEAR), new int[][] {{0, 100}}))
          .containsExactly(List.of(0, 25, 75, 100));
    }

    @Test
    void oneSideGetsItsLengthAndTheOtherFollowsRoundedDown() {
      Extent tall = new Extent(300, 200);
      assertThat(side(256, ResizeSide.Side.SHORT).after(tall)).isEqualTo(new Extent(384, 256));
      assertThat(side(256, ResizeSide.Side.LONG).after(tall)).isEqualTo(new Extent(256, 170));
      assertThat(side(256, ResizeSide.Side.HEIGHT).after(tall)).isEqualTo(new Extent(256, 170));
      assertThat(side(256, ResizeSide.Side.WIDTH).after(tall)).isEqualTo(new Extent(384, 256));
      assertThat(side(256, ResizeSide.Side.SHORT).after(new Extent(200, 300)))
          .isEqualTo(new Extent(256, 384));
      assertThat(side(256, ResizeSide.Side.SHORT).after(Extent.VARIES)).isEqualTo(Extent.VARIES);
      assertThat(Pictures.after(side(1, ResizeSide.Side.SHORT), new int[][] {{8, 8}, {8, 8}}))
          .containsExactly(List.of(8));
    }

    private ResizeSide side(int length, ResizeSide.Side side) {
      return new ResizeSide(length, side, Interpolation.BILINEAR);
    }
  }

  @Nested
  class RandomPart {
    @Test
    void thePartHasTheAreaAndTheShapeAskedFor() {
      // A ramp from left to right tells where a part begins and how wide it is.
      int[][] ramp = new int[100][100];
      for (int[] row : ramp) {
        for (int x = 0; x < row.length; x++) {
          row[x] = 2 * x;
        }
      }
      RandomResizedCrop half =
          new RandomResizedCrop(new Extent(1, 2), 0.25, 0.25, 1, 1, 10, Interpolation.AREA);
      for (int sample = 0; sample < 50; sample++) {
        List<Integer> row = Pictures.after(half, ramp, sample).get(0);
        // Two means of 25 columns each: 25 columns, so 50 grey values, apart.
        assertThat(row.get(1) - row.get(0)).isBetween(49, 51);
        assertThat(row.get(0)).isBetween(24, 124);
      }
    }

    @Test
    void aShapeThatNeverFitsBecomesTheLargestInTheMiddle() {
      RandomResizedCrop wide =
          new RandomResizedCrop(new Extent(1, 4), 1, 1, 4, 4, 10, Interpolation.NEAREST);
      assertThat(Pictures.after(wide, Pictures.counting(4, 4)))
          .containsExactly(List.of(4, 5, 6, 7));
      RandomResizedCrop tall =
          new RandomResizedCrop(new Extent(4, 1), 1, 1, 0.25, 0.25, 10, Interpolation.NEAREST);
      assertThat(Pictures.after(tall, Pictures.counting(4, 4)))
          .containsExactly(List.of(1), List.of(5), List.of(9), List.of(13));
    }

    @Test
    void theWholePictureMayBeThePart() {
      RandomResizedCrop whole =
          new RandomResizedCrop(new Extent(2, 2), 1, 1, 1, 1, 10, Interpolation.NEAREST);
      assertThat(Pictures.after(whole, Pictures.counting(2, 2)))
          .containsExactly(List.of(0, 1), List.of(2, 3));
    }
  }

  @Nested
  class Warped {
    private final int[][] three = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

    @Test
    void translationMovesByAShareOfTheSize() {
      assertThat(Pictures.after(translate(1.0 / 3, Direction.HORIZONTAL, 0), three))
          .containsExactly(List.of(128, 1, 2), List.of(128, 4, 5), List.of(128, 7, 8));
      assertThat(Pictures.after(translate(1.0 / 3, Direction.VERTICAL, 1), three))
          .containsExactly(List.of(4, 5, 6), List.of(7, 8, 9), List.of(128, 128, 128));
    }

    @Test
    void shearingMovesEachRowFurther() {
      Shear shear =
          new Shear(1, FillValue.of(0), 1, Direction.HORIZONTAL, 0, Interpolation.NEAREST);
      assertThat(Pictures.after(shear, three))
          .containsExactly(List.of(1, 2, 3), List.of(0, 4, 5), List.of(0, 0, 7));
    }

    @Test
    void aQuarterTurnIsClockwise() {
      Rotate rotate = new Rotate(90, 1, FillValue.of(0), 1, 0, Interpolation.NEAREST);
      assertThat(Pictures.after(rotate, three))
          .containsExactly(List.of(7, 4, 1), List.of(8, 5, 2), List.of(9, 6, 3));
    }

    private Translate translate(double share, Direction direction, double negative) {
      return new Translate(share, FillValue.of(128), 1, direction, negative, Interpolation.NEAREST);
    }
  }
}
