package org.djlrunner.djl.vision;

/** The depths that torchvision has, by their number of weighted layers. */
public enum ResNetDepth {
  R18(false, 2, 2, 2, 2),
  R34(false, 3, 4, 6, 3),
  R50(true, 3, 4, 6, 3),
  R101(true, 3, 4, 23, 3),
  R152(true, 3, 8, 36, 3);

  private final boolean bottleneck;
  private final int first;
  private final int second;
  private final int third;
  private final int fourth;

  ResNetDepth(boolean bottleneck, int first, int second, int third, int fourth) {
    this.bottleneck = bottleneck;
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }

  /**
   * The depth of a number.
   *
   * @throws IllegalArgumentException unless it is 18, 34, 50, 101 or 152
   */
  public static ResNetDepth of(int layers) {
    for (ResNetDepth depth : values()) {
      if (depth.name().equals("R" + layers)) {
        return depth;
      }
    }
    throw new IllegalArgumentException(
        "ResNet has a depth of 18, 34, 50, 101 or 152, got " + layers);
  }

  /** Whether its blocks have three convolutions, the middle one narrow, instead of two. */
  boolean bottleneck() {
    return bottleneck;
  }

  /** What a block's output has more of than its width. */
  int expansion() {
    return bottleneck ? 4 : 1;
  }

  /** Blocks in each of the four stages. */
  int[] blocks() {
    return new int[] {first, second, third, fourth};
  }
}
