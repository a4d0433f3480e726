package org.djlrunner.djl.testkit;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips tests that need a GPU where there is none, and prints the reason once. */
final class GpuCondition implements ExecutionCondition {
  /** With anything but 0 here, convolutions and matrix products drop 13 bits of float32. */
  private static final String TF32 = "NVIDIA_TF32_OVERRIDE";

  private static final AtomicBoolean PRINTED = new AtomicBoolean();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean needed =
        Devices.isGpuTested()
            || AnnotationSupport.isAnnotated(context.getElement(), RequiresGpu.class);
    if (!needed) {
      return enabled("runs on the CPU, and on a GPU with -D" + Devices.PROPERTY + "=gpu");
    }
    Optional<String> missing = Devices.missingGpu();
    if (missing.isPresent()) {
      String reason = "needs a GPU: " + missing.get();
      if (!PRINTED.getAndSet(true)) {
        System.out.println("gpu tests skipped: " + reason);
      }
      return disabled(reason);
    }
    if (!"0".equals(System.getenv(TF32))) {
      throw new ExtensionConfigurationException(
          "tests on a GPU compare with float32's numbers, so " + TF32 + "=0 must be set");
    }
    return enabled("there is a GPU");
  }
}
