package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Map;

/**
 * What the schedules give at one training iteration.
 *
 * @param epoch finished passes over the training data
 * @param iter finished training iterations
 * @param innerIter index of the batch within its pass
 * @param lr learning rate of every group, by optimizer
 * @param momentum momentum, or the first beta, of every group, by optimizer; 0 where there is none
 */
public record ScheduleRow(
    int epoch,
    int iter,
    int innerIter,
    Map<String, List<Double>> lr,
    Map<String, List<Double>> momentum) {}
