package org.djlrunner.djl.experiment;

import java.util.Map;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.spi.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * What a run consists of, for hooks that need more than their options. The run closes them.
 *
 * @param model the model's steps
 * @param optimizers the optimizers by name; one alone is called {@code default}
 * @param train the training data
 * @param val the validation data, null if there is none
 */
public record TrainingParts(
    DjlModelStep<ImageBatch> model,
    Map<String, Optimizer> optimizers,
    ImageLoader train,
    @Nullable ImageLoader val) {}
