package org.djlrunner.djl.kernel;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Consumer;
import org.djlrunner.spi.Scope;

/**
 * libtorch's own optimisation of TorchScript, a switch of each thread that can be set but not read.
 *
 * <p>It is off within scopes, which nest; the end of the outermost one brings back what DJL begins
 * with: on, unless {@code -Dai.djl.pytorch.graph_optimizer=false}.
 */
public final class ExecutorOptimization {
  private static final String PROPERTY = "ai.djl.pytorch.graph_optimizer";

  private static final ExecutorOptimization LIBTORCH =
      new ExecutorOptimization(JniUtils::setGraphExecutorOptimize);

  private final Consumer<Boolean> optimize;
  private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);

  /** A switch that is set through {@code optimize}. */
  ExecutorOptimization(Consumer<Boolean> optimize) {
    this.optimize = optimize;
  }

  /** Switches it off on this thread until the scope is closed, on the same thread. */
  public static Scope off() {
    return LIBTORCH.enter();
  }

  Scope enter() {
    depth.set(depth.get() + 1);
    optimize.accept(false);
    return () -> {
      int left = depth.get() - 1;
      if (left > 0) {
        depth.set(left);
        return;
      }
      depth.remove();
      String chosen = System.getProperty(PROPERTY);
      optimize.accept(chosen == null || Boolean.parseBoolean(chosen));
    };
  }
}
