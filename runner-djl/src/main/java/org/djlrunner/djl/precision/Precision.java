package org.djlrunner.djl.precision;

/**
 * The number type of a step's matrix products and convolutions.
 *
 * <p>Weights, their updates, normalisation statistics and the loss are float32 in all of them.
 */
public enum Precision {
  /** {@link #BF16} where the hardware computes in it and the network compiles, else FP32. */
  AUTO(-1),
  /** float32 throughout. */
  FP32(6),
  /** float16; needs loss scaling, since gradients below 6e-8 vanish. */
  FP16(5),
  /** bfloat16: float32's range with 8 bits of mantissa; needs no loss scaling. */
  BF16(15);

  private final int code;

  Precision(int code) {
    this.code = code;
  }

  /** libtorch's number of the type. */
  public int code() {
    return code;
  }
}
