package org.djlrunner.djl.kernel;

import ai.djl.pytorch.jni.JniUtils;
import org.djlrunner.spi.Scope;

/** Whether libtorch notes operations for a backward pass, a switch of each thread. */
public final class GradientMode {
  private GradientMode() {}

  /** Sets the mode of this thread until the scope is closed, on the same thread. */
  public static Scope of(boolean on) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(on);
    return () -> JniUtils.setGradMode(before);
  }
}
