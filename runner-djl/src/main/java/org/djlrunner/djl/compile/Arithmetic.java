package org.djlrunner.djl.compile;

/** In which type an operation computes where the step has a low precision. */
enum Arithmetic {
  /** In the low type: matrix products and convolutions, whose sums hardware keeps in float32. */
  LOW,
  /** In float32: what sums, divides or exponentiates much. */
  FLOAT,
  /** In the widest type of its arrays, as libtorch promotes. */
  AS_GIVEN,
  /** In the type of its first array; the others are float32: batch normalisation. */
  MIXED
}
