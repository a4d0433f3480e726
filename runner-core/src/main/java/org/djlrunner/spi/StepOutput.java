package org.djlrunner.spi;

import java.util.Map;
import java.util.Optional;
import org.djlrunner.metric.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What one step of the model leaves behind.
 *
 * <p>The loop closes it when the iteration's hooks have run, also when one of them fails; that
 * frees whatever the step still holds on the device. The log variables outlive it: their owner is
 * the log buffer.
 *
 * @param lossOrNull the differentiable loss of a training step, null in validation
 * @param logVars values to log by name, in the order to show
 * @param numSamples samples in the batch, at least 1; weighs the log variables
 * @param scope what the step holds until its iteration ends
 */
public record StepOutput(
    @Nullable Loss lossOrNull, Map<String, Scalar> logVars, int numSamples, Scope scope)
    implements AutoCloseable {
  /** Rejects a step that saw no samples. */
  public StepOutput {
    if (numSamples < 1) {
      throw new IllegalArgumentException(
          "a step must report at least one sample, got numSamples = " + numSamples);
    }
  }

  /** The differentiable loss, empty in validation. */
  public Optional<Loss> loss() {
    return Optional.ofNullable(lossOrNull);
  }

  @Override
  public void close() {
    scope.close();
  }
}
