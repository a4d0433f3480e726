package org.djlrunner.djl.experiment;

import java.nio.file.Path;
import org.djlrunner.hook.EvaluationResult;

/**
 * What an evaluation of a checkpoint found.
 *
 * @param checkpoint its file
 * @param data the data set, by its name below {@code data}
 * @param samples how many there were
 * @param evaluation the numbers, tables and details
 */
public record TestedCheckpoint(
    Path checkpoint, String data, int samples, EvaluationResult evaluation) {}
