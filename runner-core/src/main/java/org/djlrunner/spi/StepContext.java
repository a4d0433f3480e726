package org.djlrunner.spi;

import java.util.Map;
import org.djlrunner.Progress;

/**
 * What a step may know of the run around it.
 *
 * @param progress where the run stands
 * @param optimizers the run's optimizers by name, for steps that update by themselves
 */
public record StepContext(Progress progress, Map<String, Optimizer> optimizers) {}
