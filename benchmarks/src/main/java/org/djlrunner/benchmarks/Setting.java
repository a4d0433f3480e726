package org.djlrunner.benchmarks;

import ai.djl.Device;

/**
 * What a peer trains, on what and how.
 *
 * @param batch samples, at least 1
 * @param precision {@code fp32} or {@code bf16}; only ours have the second
 * @param compile {@code auto}, {@code always} or {@code never}; peers have none
 */
record Setting(Yardstick model, Device device, int batch, String precision, String compile) {}
