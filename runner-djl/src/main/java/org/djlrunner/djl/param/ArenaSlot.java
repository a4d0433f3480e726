package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;

/**
 * One parameter's place in an arena.
 *
 * <p>Filters are stored output-height-width-input and handed out transposed to {@code [O, I, H,
 * W]}: in libtorch that is the channels-last layout, which convolutions prefer.
 *
 * @param name state-dict name
 * @param parameter the DJL parameter
 * @param offset index of its first element
 * @param shape its shape as DJL and PyTorch see it
 */
public record ArenaSlot(String name, Parameter parameter, long offset, Shape shape) {
  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** Whether this is a convolution's filter, {@code [O, I, H, W]}. */
  private boolean isFilter() {
    return shape.dimension() == 4;
  }

  /** A parameter's value in the order of storage: flat. */
  public NDArray toStorage(NDArray value) {
    return isFilter() ? value.transpose(0, 2, 3, 1).flatten() : value.flatten();
  }

  /** A flat piece of storage in the parameter's shape, without copying. */
  public NDArray fromStorage(NDArray piece) {
    if (!isFilter()) {
      return piece.reshape(shape);
    }
    return piece
        .reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1))
        .transpose(0, 3, 1, 2);
  }

  /** The same as TorchScript text. */
  public String fromStorage(String piece) {
    if (!isFilter()) {
      return shape.dimension() == 1
          ? piece
          : "torch.reshape(" + piece + ", " + Arrays.toString(shape.getShape()) + ")";
    }
    return "torch.permute(torch.reshape("
        + piece
        + ", "
        + Arrays.toString(stored(shape))
        + "), [0, 3, 1, 2])";
  }

  /** Neighbours of one shape in a flat piece of storage as one array, stacked in a first axis. */
  public static String stacked(List<ArenaSlot> alike, String piece) {
    ArenaSlot slot = alike.get(0);
    long[] inner = slot.isFilter() ? stored(slot.shape) : slot.shape.getShape();
    String whole =
        "torch.reshape("
            + piece
            + ", "
            + Arrays.toString(new Shape(alike.size()).addAll(new Shape(inner)).getShape())
            + ")";
    return slot.isFilter() ? "torch.permute(" + whole + ", [0, 1, 4, 2, 3])" : whole;
  }

  /** A filter's shape in storage: output, height, width, input. */
  private static long[] stored(Shape shape) {
    return new long[] {shape.get(0), shape.get(2), shape.get(3), shape.get(1)};
  }
}
