package org.djlrunner.hook;

import java.util.Map;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Loss;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.StepOutput;
import org.jspecify.annotations.Nullable;

/**
 * Updates the model after each training step: zero the gradients, backward, clip, step.
 *
 * <p>With clipping, the norm before clipping is logged as {@code grad_norm}, or {@code
 * grad_norm/NAME} where a run has several optimizers.
 */
public final class OptimizerHook implements Hook {
  private final @Nullable GradClip clip;

  /** A hook that doesn't clip. */
  public OptimizerHook() {
    this(null);
  }

  /** A hook that clips if {@code clip} is not null. */
  public OptimizerHook(@Nullable GradClip clip) {
    this.clip = clip;
  }

  @Override
  public void beforeRun(HookContext context) {
    if (context.optimizers().isEmpty()) {
      throw new IllegalStateException(
          "OptimizerHook has nothing to update: give the runner an optimizer");
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    StepOutput output = context.output();
    Loss loss =
        output
            .loss()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the training step returned no loss to differentiate; return one, or leave"
                            + " out OptimizerHook if the step updates the model by itself"));
    context.optimizers().values().forEach(Optimizer::zeroGrad);
    loss.backward();
    context
        .optimizers()
        .forEach(
            (name, optimizer) -> {
              if (clip != null) {
                Scalar norm = optimizer.clipGradNorm(clip.maxNorm(), clip.normType());
                String key = context.optimizers().size() == 1 ? "grad_norm" : "grad_norm/" + name;
                context.logBuffer().update(Map.of(key, norm), output.numSamples());
              }
              optimizer.step();
            });
  }

  @Override
  public Priority priority() {
    return Priority.ABOVE_NORMAL;
  }
}
