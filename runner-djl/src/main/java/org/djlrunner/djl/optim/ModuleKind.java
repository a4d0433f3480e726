package org.djlrunner.djl.optim;

/** What a module is to {@link ParamwiseRules}. */
public enum ModuleKind {
  /** Batch, instance, group or layer normalisation. */
  NORM,
  /** A two-dimensional convolution that is not depth-wise. */
  CONV2D,
  /** A two-dimensional convolution of each channel by itself. */
  DEPTHWISE_CONV2D,
  /** A deformable convolution; its child {@code conv_offset} says where it looks. */
  DEFORMABLE_CONV2D,
  /** Anything else. */
  OTHER;

  /**
   * The kind of a two-dimensional convolution.
   *
   * @param inChannels channels of its input
   * @param groups groups that they are split into; a single group mixes all channels, even when
   *     there is but one
   */
  public static ModuleKind conv2d(long inChannels, long groups) {
    return groups > 1 && groups == inChannels ? DEPTHWISE_CONV2D : CONV2D;
  }
}
