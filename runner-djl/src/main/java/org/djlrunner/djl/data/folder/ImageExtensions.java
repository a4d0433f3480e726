package org.djlrunner.djl.data.folder;

import java.util.List;
import java.util.Locale;

/**
 * How the names of image files end; upper and lower case are the same.
 *
 * @param endings each with its dot, such as {@code .jpg}
 */
public record ImageExtensions(List<String> endings) {
  /** MMClassification's. */
  public static final ImageExtensions DEFAULT =
      new ImageExtensions(
          List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"));

  /** Brings endings into lower case, and refuses a list of none. */
  public ImageExtensions {
    if (endings.isEmpty()) {
      throw new IllegalArgumentException("extensions must name at least one, such as .jpg");
    }
    endings =
        endings.stream()
            .map(ending -> (ending.startsWith(".") ? "" : ".") + ending.toLowerCase(Locale.ROOT))
            .toList();
  }

  /** Whether a file of that name is an image. */
  public boolean matches(String name) {
    // macOS leaves such files beside the real ones on foreign disks; they hold no images.
    if (name.startsWith("._")) {
      return false;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return endings.stream().anyMatch(lower::endsWith);
  }

  @Override
  public String toString() {
    return String.join(", ", endings);
  }
}
