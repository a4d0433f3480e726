package org.djlrunner.hook;

import java.util.Collection;
import java.util.Map;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.StepOutput;

/**
 * The iterations that share one update, and the weights that make it that of one large batch.
 *
 * <p>A batch weighs as many samples as it has over those of the window's first, so a window of
 * equal batches goes backward at exactly the loss scale: what half precision can hold doesn't
 * depend on the batch size.
 */
final class UpdateWindow {
  private final int length;
  private int iterations;
  private int firstSamples;
  private int samples;

  UpdateWindow(int length) {
    this.length = length;
  }

  boolean isEmpty() {
    return iterations == 0;
  }

  /** Samples gone backward since the window began. */
  int samples() {
    return samples;
  }

  /** Takes in an iteration: its gradients times {@code scale} and its weight are added. */
  void add(StepOutput output, double scale, Collection<Optimizer> optimizers) {
    if (isEmpty()) {
      optimizers.forEach(Optimizer::zeroGrad);
      firstSamples = output.numSamples();
    }
    iterations++;
    samples += output.numSamples();
    OptimizerHook.loss(output).backward(scale * output.numSamples() / firstSamples);
  }

  boolean isFull() {
    return iterations >= length;
  }

  /** What turns the gradients added up into the mean over the window's samples. */
  double meanFactor() {
    return (double) firstSamples / samples;
  }

  /** What a checkpoint keeps beside the gradients, which are the optimizers'. */
  Map<String, Object> state() {
    return Map.of("iterations", iterations, "first_samples", firstSamples, "samples", samples);
  }

  /** Goes on within a window whose gradients the optimizers have got back. */
  void restore(Map<?, ?> state) {
    if (!(state.get("iterations") instanceof Number storedIterations)
        || !(state.get("first_samples") instanceof Number storedFirst)
        || !(state.get("samples") instanceof Number storedSamples)
        || (storedIterations.intValue() > 0 && storedFirst.intValue() < 1)) {
      throw new IllegalArgumentException(
          "a window needs iterations, first_samples and samples, got " + state);
    }
    iterations = storedIterations.intValue();
    firstSamples = storedFirst.intValue();
    samples = storedSamples.intValue();
  }

  /** Begins anew; the next iteration forgets the gradients. */
  void clear() {
    iterations = 0;
    samples = 0;
  }
}
