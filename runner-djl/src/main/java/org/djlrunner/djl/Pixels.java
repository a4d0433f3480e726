package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;

/**
 * Images as they were loaded, and what normalises them: {@code (pixel - mean) / std}.
 *
 * @param values {@code [N, H, W, C] uint8}, 0 to 255
 * @param mean {@code [C] float32}
 * @param std {@code [C] float32}
 */
public record Pixels(NDArray values, NDArray mean, NDArray std) {}
