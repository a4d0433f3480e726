package org.djlrunner.checkpoint;

import java.nio.file.Path;

/**
 * The checkpoint a run goes on from, and what of it counts.
 *
 * @param file the checkpoint
 * @param optimizers whether optimizers go on with their states; else they begin anew
 * @param hyperparameters whose options of optimizers count, such as learning rates
 */
public record ResumeFrom(Path file, boolean optimizers, Hyperparameters hyperparameters) {
  /** Whose options of optimizers a resumed run has. */
  public enum Hyperparameters {
    /** Those of the run that begins; a rate that was changed in its config takes effect. */
    CONFIG,
    /** Those that the checkpoint was saved with. */
    CHECKPOINT
  }

  /** All of a checkpoint but the optimizers' options, which are those of the run that begins. */
  public static ResumeFrom file(Path file) {
    return new ResumeFrom(file, true, Hyperparameters.CONFIG);
  }
}
