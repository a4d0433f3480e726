package org.djlrunner.djl.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The fused operations of this package's {@code .py} resources, each one call into libtorch.
 *
 * <p>They have no state and run on whatever device their arrays are on; so one instance serves the
 * process. They run without gradients: fit for updates in place, not for what a loss depends on.
 */
public final class TorchKernels {
  /** Methods of one class, a file for each concern. */
  private static final List<String> SOURCES =
      List.of(
          "optimizers.py", "gradients.py", "losses.py", "metrics.py", "averages.py", "batches.py");

  /** Elements that a CPU works on together, so that temporaries stay in its cache: 1 MiB. */
  private static final long CPU_SLICE = 1 << 18;

  private final ScriptModule script;
  private final PtSymbolBlock module;

  /** Kernels run so far, for the test that counts native calls. */
  private final LongAdder runs = new LongAdder();

  private TorchKernels(ScriptModule script) {
    this.script = script;
    this.module = script.block();
  }

  /**
   * The process's kernels, loaded and tested at first use.
   *
   * @throws IllegalStateException if this libtorch can't load them, or computes something else
   */
  public static TorchKernels shared() {
    return Holder.KERNELS;
  }

  private static final class Holder {
    static final TorchKernels KERNELS = load();
  }

  /**
   * An update in place, in one call; {@code optimizers.py} says what each takes.
   *
   * @param kernel its name there, such as {@code sgd}
   * @param rows the ranges to update, with the numbers of each in the order there
   * @param arrays its arrays in the order there, each flat float32; the first is updated
   */
  public void update(String kernel, KernelRows rows, NDArray... arrays) {
    inPlace(kernel, arrays, rows.behind(slice(arrays[0]), rows.width()));
  }

  /** {@link #clipNorm(NDArray, KernelRows, double, double)} of a whole gradient. */
  public NDArray clipNorm(NDArray gradient, double maxNorm, double normType) {
    return clipNorm(gradient, KernelRows.whole(gradient.size()), maxNorm, normType);
  }

  /**
   * Scales a gradient in place so that its norm is at most {@code maxNorm}.
   *
   * @param gradient {@code [n] float32}
   * @param ranges the part that is meant, rows without numbers; at least one
   * @param normType above 0; infinity for the largest magnitude
   * @return the norm before, {@code [] float32}; belongs to the gradient's manager
   */
  public NDArray clipNorm(NDArray gradient, KernelRows ranges, double maxNorm, double normType) {
    return onGradient(
        "clip_norm", gradient, ranges.behind(slice(gradient), ranges.width(), maxNorm, normType));
  }

  /** {@link #scale(NDArray, KernelRows, double)} of a whole gradient. */
  public NDArray scale(NDArray gradient, double factor) {
    return scale(gradient, KernelRows.whole(gradient.size()), factor);
  }

  /**
   * Multiplies a gradient in place.
   *
   * @param gradient {@code [n] float32}
   * @param ranges the part that is meant, rows without numbers; at least one
   * @return 1 if all of it is finite then, else 0, {@code [] float32}; belongs to the gradient's
   *     manager
   */
  public NDArray scale(NDArray gradient, KernelRows ranges, double factor) {
    return onGradient("scale", gradient, ranges.behind(slice(gradient), ranges.width(), factor));
  }

  /** Bounds the elements of a gradient to {@code -bound..bound}, in place, within ranges. */
  public void clipValue(NDArray gradient, KernelRows ranges, double bound) {
    onGradient("clip_value", gradient, ranges.behind(slice(gradient), ranges.width(), bound))
        .close();
  }

  /**
   * The largest magnitude in each range of a gradient; reads the device.
   *
   * @param ranges rows with a number each, of which no two are equal
   */
  public float[] largest(NDArray gradient, KernelRows ranges) {
    try (NDArray largest =
        onGradient("largest", gradient, ranges.behind(slice(gradient), ranges.width()))) {
      return largest.toFloatArray();
    }
  }

  /**
   * Moves an average towards a value, in place: {@code average += rate * (value - average)}.
   *
   * @param average {@code [n] float32}
   * @param value {@code [n] float32}
   */
  public void average(NDArray average, NDArray value, double rate) {
    inPlace("average", new NDArray[] {average, value}, rate, slice(average));
  }

  /** Exchanges the contents of two arrays {@code [n] float32}. */
  public void swap(NDArray left, NDArray right) {
    inPlace("swap", new NDArray[] {left, right}, slice(left));
  }

  private void inPlace(String kernel, NDArray[] arrays, double... numbers) {
    PtNDArray[] tensors = new PtNDArray[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      tensors[i] = torch(arrays[i]);
    }
    runs.increment();
    try (IValue list = IValue.listFrom(tensors);
        IValue options = IValue.listFrom(numbers);
        IValue slices = IValueUtils.runMethod(module, kernel, list, options)) {
      assert slices.isLong();
    }
  }

  private NDArray onGradient(String kernel, NDArray gradient, double[] numbers) {
    runs.increment();
    try (IValue array = IValue.from(torch(gradient));
        IValue options = IValue.listFrom(numbers);
        IValue result = IValueUtils.runMethod(module, kernel, array, options)) {
      return result.toTensor((PtNDManager) gradient.getManager());
    }
  }

  /**
   * Calls a kernel whose result a loss depends on; gradients flow through it.
   *
   * @param kernel takes {@code List[Tensor]} and returns {@code List[Tensor]}
   * @param arrays its arguments; their names are overwritten
   * @return its results, which belong to the first argument's manager
   */
  public NDList differentiable(String kernel, NDArray... arrays) {
    return script.call(kernel, List.of(arrays));
  }

  /** Updates and gradient kernels so far, each of them one run of a method. */
  long runs() {
    return runs.sum();
  }

  private static double slice(NDArray array) {
    return array.getDevice().isGpu() ? array.size() : CPU_SLICE;
  }

  private static PtNDArray torch(NDArray array) {
    return (PtNDArray) array;
  }

  private static TorchKernels load() {
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    try {
      TorchKernels kernels = new TorchKernels(new ScriptModule(source(), manager));
      kernels.selfTest(manager);
      return kernels;
    } catch (RuntimeException e) {
      manager.close();
      throw new IllegalStateException(
          "this libtorch can't run the runner's kernels: they are made for PyTorch 2.3.1, found "
              + manager.getEngine().getVersion()
              + "; check the versions of pytorch-native, pytorch-jni and pytorch-engine",
          e);
    }
  }

  private static String source() {
    StringBuilder text = new StringBuilder();
    for (String name : SOURCES) {
      text.append(ScriptModule.source(name)).append('\n');
    }
    return text.toString();
  }

  /** One update by hand: 1 - 0.5 * (2 + 0.1 * 1) = -0.05, its buffer 2.1. */
  private void selfTest(NDManager manager) {
    try (NDArray weight = manager.create(new float[] {1});
        NDArray gradient = manager.create(new float[] {2});
        NDArray buffer = manager.create(new float[] {0})) {
      KernelRows rows = new KernelRows(7);
      rows.add(0, 0, 1, 0.5, 0.9, 0, 0.1, 0, 0, 1);
      update("sgd", rows, weight, gradient, buffer);
      float updated = weight.toFloatArray()[0];
      if (Math.abs(updated + 0.05) > 1e-6 || Math.abs(buffer.toFloatArray()[0] - 2.1) > 1e-6) {
        throw new IllegalStateException("the kernel sgd gives " + updated + " instead of -0.05");
      }
    }
  }
}
