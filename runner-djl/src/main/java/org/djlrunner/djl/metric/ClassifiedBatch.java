package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;

/**
 * What a classifier said of a batch; belongs to the step.
 *
 * @param logits {@code [N, C]}, any float type
 * @param labels {@code [N] int64}, -100 for samples that don't count, or {@code [N, C] float32}, of
 *     which the largest is meant
 */
public record ClassifiedBatch(NDArray logits, NDArray labels) {}
