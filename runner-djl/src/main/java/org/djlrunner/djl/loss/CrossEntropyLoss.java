package org.djlrunner.djl.loss;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.djlrunner.djl.kernel.TorchKernels;

/**
 * The mean cross entropy of a batch by PyTorch's formulas, computed in float32.
 *
 * <p>Logits are {@code [N, C]} of any float type. Hard labels are {@code [N] int64} with classes 0
 * to C - 1, where -100 leaves a sample out; soft ones are {@code [N, C] float32} with a probability
 * for each class, and only {@link #soft} takes them. With class weights and hard labels the mean is
 * weighted, too; with soft ones it stays a mean over samples. Nothing is read from the device.
 */
public final class CrossEntropyLoss extends Loss implements ScriptLoss, PlacedLoss {
  private final boolean soft;
  private final double smoothing;
  private final List<Double> classWeights;
  private final List<NDArray> placed;

  private CrossEntropyLoss(
      boolean soft, double smoothing, List<Double> classWeights, List<NDArray> placed) {
    super("CrossEntropyLoss");
    this.soft = soft;
    this.smoothing = smoothing;
    this.classWeights = classWeights;
    this.placed = placed;
  }

  /** For labels that name a class, and no others. */
  public static CrossEntropyLoss hard() {
    return new CrossEntropyLoss(false, 0, List.of(), List.of());
  }

  /**
   * For labels that give each class a probability, as mixup, CutMix and distillation do; labels
   * that name a class, as validation has them, are told by their type and taken too.
   */
  public static CrossEntropyLoss soft() {
    return new CrossEntropyLoss(true, 0, List.of(), List.of());
  }

  /**
   * The same loss with labels mixed with the uniform distribution.
   *
   * @param share the uniform distribution's share, 0 to 1
   */
  public CrossEntropyLoss withSmoothing(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("label smoothing must be 0 to 1, got " + share);
    }
    return new CrossEntropyLoss(soft, share, classWeights, List.of());
  }

  /**
   * The same loss with a weight for each class, 0 or more. A {@code DjlModelStep} has them on its
   * device once; elsewhere each step copies them there, unless {@link #on} was asked.
   *
   * @param weights one for each class
   */
  public CrossEntropyLoss withClassWeights(List<Double> weights) {
    for (double weight : weights) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("class weights must be 0 or more, got " + weights);
      }
    }
    return new CrossEntropyLoss(soft, smoothing, List.copyOf(weights), List.of());
  }

  /** The same loss for labels that give each class a probability; see {@link #soft}. */
  public CrossEntropyLoss forProbabilities() {
    return new CrossEntropyLoss(true, smoothing, classWeights, placed);
  }

  /** Whether labels may be probabilities. */
  public boolean isSoft() {
    return soft;
  }

  /** The uniform distribution's share of the labels, 0 to 1. */
  public double smoothing() {
    return smoothing;
  }

  /** A weight for each class; empty for none. */
  public List<Double> classWeights() {
    return classWeights;
  }

  /**
   * Computes the loss, {@code [] float32}; differentiable in the logits unless gradients are off.
   *
   * @throws IllegalArgumentException if shapes or types aren't as described above
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray logits = predictions.singletonOrThrow();
    NDArray target = labels.singletonOrThrow();
    check(logits.getShape(), labels);
    String kernel = classWeights.isEmpty() ? "cross_entropy" : "weighted_cross_entropy";
    try (NDManager scratch = logits.getManager().newSubManager()) {
      List<NDArray> arrays = new ArrayList<>(List.of(logits, target));
      arrays.addAll(placed.isEmpty() ? numbers(scratch) : placed);
      return TorchKernels.shared()
          .differentiable(kernel, arrays.toArray(NDArray[]::new))
          .singletonOrThrow();
    }
  }

  @Override
  public CrossEntropyLoss on(NDManager manager) {
    return new CrossEntropyLoss(soft, smoothing, classWeights, numbers(manager));
  }

  /** What the kernel takes behind logits and labels. */
  private List<NDArray> numbers(NDManager manager) {
    // On the CPU, where the kernel can read it without waiting for a GPU.
    NDArray share = manager.newSubManager(Device.cpu()).create(smoothing);
    if (classWeights.isEmpty()) {
      return List.of(share);
    }
    float[] weights = new float[classWeights.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = classWeights.get(i).floatValue();
    }
    return List.of(share, manager.create(weights));
  }

  /** Class weights would need an array of their own. */
  @Override
  public Optional<String> script(String logits, String labels) {
    return classWeights.isEmpty()
        ? Optional.of(
            "torch.cross_entropy_loss("
                + String.join(", ", logits, labels, "None", "1", "-100", "" + smoothing)
                + ")")
        : Optional.empty();
  }

  @Override
  public void check(Shape logits, NDList labels) {
    if (logits.dimension() != 2) {
      throw new IllegalArgumentException("cross entropy takes logits [N, classes], got " + logits);
    }
    NDArray target = labels.singletonOrThrow();
    Shape shape = target.getShape();
    DataType type = target.getDataType();
    Shape one = new Shape(logits.get(0));
    boolean isHard = type == DataType.INT64 && shape.equals(one);
    boolean isSoft = type == DataType.FLOAT32 && shape.equals(logits);
    if (!isHard && !(soft && isSoft)) {
      String expected =
          soft
              ? "labels for logits %s must be %s int64 or %s float32, got %s %s"
              : "hard labels for logits %s must be %s int64, got %4$s %5$s; for probabilities,"
                  + " %3$s float32, use CrossEntropyLoss.soft()";
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, expected, logits, one, logits, shape, type));
    }
    if (!classWeights.isEmpty() && classWeights.size() != logits.get(1)) {
      throw new IllegalArgumentException(
          "got " + classWeights.size() + " class weights for logits " + logits);
    }
  }
}
