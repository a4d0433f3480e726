package org.djlrunner.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("D13 kernels compute what plain arithmetic does")
@AlsoOnGpu
class TorchKernelsTest {
  private static final int SLICE = 1 << 18;

  private final NDManager manager = NDManager.newBaseManager(Devices.tested());
  private final Random random = new Random(7);

  @AfterEach
  void close() {
    manager.close();
  }

  private float[] numbers(int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 0, false",
    "1000, 0.9, 0, 0.1, false",
    "262144, 0.9, 0.5, 0.1, false",
    "262145, 0.9, 0, 0.01, true",
    "700001, 0.5, 0, 0, true"
  })
  @DisplayName("SGD over three steps, at sizes around the slices that a CPU works in")
  void sgd(int size, double momentum, double dampening, double decay, boolean nesterov) {
    float[] expected = numbers(size);
    float[] buffers = new float[size];
    NDArray weight = manager.create(expected.clone());
    NDArray buffer = manager.zeros(weight.getShape());
    for (int step = 0; step < 3; step++) {
      double lr = 0.1 / (step + 1);
      float[] gradients = numbers(size);
      NDArray gradient = manager.create(gradients);
      KernelRows rows = new KernelRows(7);
      rows.add(0, 0, size, lr, momentum, dampening, decay, nesterov ? 1 : 0, 0, step == 0 ? 1 : 0);
      TorchKernels.shared().update("sgd", rows, weight, gradient, buffer);
      assertThat(gradient.toFloatArray()).as("the gradient is left alone").isEqualTo(gradients);
      for (int i = 0; i < size; i++) {
        double d = gradients[i] + decay * expected[i];
        if (momentum != 0) {
          buffers[i] = (float) (step == 0 ? d : momentum * buffers[i] + (1 - dampening) * d);
          d = nesterov ? d + momentum * buffers[i] : buffers[i];
        }
        expected[i] = (float) (expected[i] - lr * d);
      }
    }
    float[] actual = weight.toFloatArray();
    double worst = 0;
    for (int i = 0; i < size; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    assertThat(worst).isLessThan(2e-6);
  }

  @ParameterizedTest
  @CsvSource({"1", "262144", "600000"})
  @DisplayName("clipping returns the norm before it, and scales only what is too long")
  void clip(int size) {
    float[] values = numbers(size);
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double norm = Math.sqrt(squares);
    NDArray gradient = manager.create(values.clone());
    NDArray before = TorchKernels.shared().clipNorm(gradient, 2 * norm, 2);
    assertThat((double) before.getFloat()).isCloseTo(norm, within(1e-6 * norm));
    assertThat(gradient.toFloatArray()).isEqualTo(values);
    TorchKernels.shared().clipNorm(gradient, norm / 4, 2);
    assertThat((double) gradient.getFloat(size - 1))
        .isCloseTo(values[size - 1] / 4, within(1e-5 * Math.abs(values[size - 1])));
  }

  @Test
  @DisplayName("a norm keeps its digits over millions of elements")
  void accurateNorm() {
    NDArray gradient = manager.ones(new Shape(40L * SLICE)).mul(0.01);
    double norm = TorchKernels.shared().clipNorm(gradient, 1e9, 2).getFloat();
    double expected = 0.01 * Math.sqrt(40.0 * SLICE);
    assertThat(norm).isCloseTo(expected, within(1e-6 * expected));
  }

  @Test
  @DisplayName("the largest magnitude and other norms")
  void otherNorms() {
    NDArray gradient = manager.create(new float[] {3, -4, 0});
    TorchKernels kernels = TorchKernels.shared();
    assertThat(kernels.clipNorm(gradient, 100, Double.POSITIVE_INFINITY).getFloat()).isEqualTo(4);
    assertThat(kernels.clipNorm(gradient, 100, 1).getFloat()).isEqualTo(7);
    assertThat(kernels.clipNorm(gradient, 100, 3).getFloat())
        .isCloseTo((float) Math.cbrt(91), within(1e-5f));
  }

  @Test
  @DisplayName("kernels leave no array behind")
  void liveArrays() {
    NDArray weight = manager.create(numbers(10));
    NDArray gradient = manager.create(numbers(10));
    NDArray buffer = manager.create(numbers(10));
    int before = manager.getManagedArrays().size();
    KernelRows rows = new KernelRows(7);
    rows.add(0, 0, 10, 0.1, 0.9, 0, 0, 0, 0, 0);
    for (int i = 0; i < 100; i++) {
      TorchKernels.shared().update("sgd", rows, weight, gradient, buffer);
      TorchKernels.shared().clipNorm(gradient, 1, 2).close();
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }
}
