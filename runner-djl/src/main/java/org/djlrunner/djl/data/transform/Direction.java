package org.djlrunner.djl.data.transform;

/** Along rows or along columns. */
public enum Direction {
  /** Left and right. */
  HORIZONTAL,
  /** Up and down. */
  VERTICAL
}
