package org.djlrunner.djl.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fused operations of {@code kernels.py}, each one call into libtorch.
 *
 * <p>They have no state and run on whatever device their arrays are on; so one instance serves the
 * process. They run without gradients: fit for updates in place, not for what a loss depends on.
 */
public final class TorchKernels {
  private static final String SOURCE = "kernels.py";

  /** Elements that a CPU works on together, so that temporaries stay in its cache: 1 MiB. */
  private static final long CPU_SLICE = 1 << 18;

  private final PtSymbolBlock module;

  private TorchKernels(PtSymbolBlock module) {
    this.module = module;
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
   * An update in place, in one call; {@code kernels.py} says what each takes.
   *
   * @param kernel its name there, such as {@code sgd}
   * @param options its numbers in the order there, without the slice
   * @param arrays its arrays in the order there, each {@code [n] float32}; the first is updated
   */
  public void update(String kernel, double[] options, NDArray... arrays) {
    PtNDArray[] tensors = new PtNDArray[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      tensors[i] = torch(arrays[i]);
    }
    double[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = slice(arrays[0]);
    try (IValue list = IValue.listFrom(tensors);
        IValue numbers = IValue.listFrom(all);
        IValue slices = IValueUtils.runMethod(module, kernel, list, numbers)) {
      assert slices.toLong() > 0;
    }
  }

  /**
   * Scales a gradient in place so that its norm is at most {@code maxNorm}.
   *
   * @param gradient {@code [n] float32}
   * @param normType above 0; infinity for the largest magnitude
   * @return the norm before, {@code [] float32}; belongs to the gradient's manager
   */
  public NDArray clipNorm(NDArray gradient, double maxNorm, double normType) {
    try (IValue array = IValue.from(torch(gradient));
        IValue options = IValue.listFrom(maxNorm, normType, slice(gradient));
        IValue norm = IValueUtils.runMethod(module, "clip_norm", array, options)) {
      return norm.toTensor((PtNDManager) gradient.getManager());
    }
  }

  private static double slice(NDArray array) {
    return array.getDevice().isGpu() ? array.size() : CPU_SLICE;
  }

  private static PtNDArray torch(NDArray array) {
    return (PtNDArray) array;
  }

  private static TorchKernels load() {
    PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
    try (InputStream text = TorchKernels.class.getResourceAsStream(SOURCE)) {
      if (text == null) {
        throw new IllegalStateException(SOURCE + " is missing from the class path");
      }
      byte[] archive = ScriptArchive.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
      TorchKernels kernels =
          new TorchKernels(
              JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
      kernels.selfTest(manager);
      return kernels;
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw new IllegalStateException(
          "this libtorch can't run the runner's kernels: they are made for PyTorch 2.3.1, found "
              + manager.getEngine().getVersion()
              + "; check the versions of pytorch-native, pytorch-jni and pytorch-engine",
          e);
    }
  }

  /** One update by hand: 1 - 0.5 * (2 + 0.1 * 1) = -0.05, its buffer 2.1. */
  private void selfTest(NDManager manager) {
    try (NDArray weight = manager.create(new float[] {1});
        NDArray gradient = manager.create(new float[] {2});
        NDArray buffer = manager.create(new float[] {0})) {
      update("sgd", new double[] {0.5, 0.9, 0, 0.1, 0, 1}, weight, gradient, buffer);
      float updated = weight.toFloatArray()[0];
      if (Math.abs(updated + 0.05) > 1e-6 || Math.abs(buffer.toFloatArray()[0] - 2.1) > 1e-6) {
        throw new IllegalStateException("the kernel sgd gives " + updated + " instead of -0.05");
      }
    }
  }
}
