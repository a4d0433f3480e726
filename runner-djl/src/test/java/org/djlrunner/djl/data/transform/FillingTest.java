package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rectangles that are filled. */
@DisplayName("F03 cutout and erasing")
class FillingTest {
  @Test
  void cutoutFillsARectangleThatIsCutOffAtTheFarBorders() {
    Cutout cutout = new Cutout(3, 3, FillValue.of(99), 1);
    Set<Integer> sizes = new HashSet<>();
    for (int sample = 0; sample < 100; sample++) {
      Area area = Area.of(Pictures.after(cutout, Pictures.counting(5, 5), sample), 99);
      assertThat(area.isFull()).isTrue();
      sizes.add(area.filled);
    }
    // Whole, cut off at one border, or at two. At the near borders it is moved instead.
    assertThat(sizes).containsExactlyInAnyOrder(9, 6, 4);
  }

  @Test
  void erasingFillsARectangleOfTheAreaAskedFor() {
    RandomErasing erasing =
        new RandomErasing(1, 0.25, 0.25, 1, 1, false, FillValue.of(200), List.of());
    Set<Integer> places = new HashSet<>();
    for (int sample = 0; sample < 100; sample++) {
      Area area = Area.of(Pictures.after(erasing, new int[8][8], sample), 200);
      assertThat(area.isFull()).isTrue();
      assertThat(area.filled).isEqualTo(16);
      places.add(area.top * 8 + area.left);
    }
    assertThat(places).hasSizeGreaterThan(10);
  }

  @Test
  void erasingWithNoiseGivesEachByteANumberOfItsOwn() {
    RandomErasing uniform = new RandomErasing(1, 1, 1, 1, 1, true, FillValue.of(0), List.of());
    assertThat(new HashSet<>(flat(Pictures.after(uniform, new int[20][20]))))
        .hasSizeGreaterThan(150);
    RandomErasing around = new RandomErasing(1, 1, 1, 1, 1, true, FillValue.of(100), List.of(1.0));
    assertThat(flat(Pictures.after(around, new int[20][20]))).allMatch(v -> v > 90 && v < 110);
  }

  @Test
  void erasingFillsColorsByChannel() {
    RandomErasing whole =
        new RandomErasing(1, 1, 1, 1, 1, false, new FillValue(List.of(1, 2, 3)), List.of());
    assertThat(Pictures.afterRgb(whole, new int[][] {{9, 9, 9, 9, 9, 9}, {9, 9, 9, 9, 9, 9}}))
        .containsExactly(List.of(1, 2, 3, 1, 2, 3), List.of(1, 2, 3, 1, 2, 3));
  }

  @Test
  void impossibleRangesAreRefused() {
    assertThatThrownBy(
            () -> new RandomErasing(1, 0.5, 0.2, 1, 1, false, FillValue.of(0), List.of()))
        .hasMessageContaining("min_area_ratio and max_area_ratio");
    assertThatThrownBy(() -> new Cutout(2, 2, FillValue.of(0), 1.5))
        .hasMessageContaining("prob must be 0 to 1");
    assertThatThrownBy(() -> FillValue.of(256)).hasMessageContaining("0 to 255");
  }

  private static List<Integer> flat(List<List<Integer>> rows) {
    return rows.stream().flatMap(List::stream).toList();
  }

  /** The pixels of a value, and the rectangle around them. */
  private static final class Area {
    private int top = Integer.MAX_VALUE;
    private int left = Integer.MAX_VALUE;
    private int bottom;
    private int right;
    private int filled;

    static Area of(List<List<Integer>> rows, int value) {
      Area area = new Area();
      for (int y = 0; y < rows.size(); y++) {
        List<Integer> row = new ArrayList<>(rows.get(y));
        for (int x = 0; x < row.size(); x++) {
          if (row.get(x) == value) {
            area.top = Math.min(area.top, y);
            area.left = Math.min(area.left, x);
            area.bottom = Math.max(area.bottom, y + 1);
            area.right = Math.max(area.right, x + 1);
            area.filled++;
          }
        }
      }
      return area;
    }

    boolean isFull() {
      return filled == (bottom - top) * (right - left);
    }
  }
}
