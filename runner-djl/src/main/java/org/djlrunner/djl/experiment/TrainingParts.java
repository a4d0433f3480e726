package org.djlrunner.djl.experiment;

import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.spi.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * What a run consists of, for hooks that need more than their options. The run closes them.
 *
 * @param model the model's steps
 * @param optimizer the optimizer
 * @param train the training data
 * @param val the validation data, null if there is none
 */
public record TrainingParts(
    DjlModelStep<ImageBatch> model,
    Optimizer optimizer,
    ImageLoader train,
    @Nullable ImageLoader val) {}
