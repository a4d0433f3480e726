package org.djlrunner.djl.testkit;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;

/** Counts what managers hold; DJL itself counts the arrays only. */
public final class LiveCount {
  private LiveCount() {}

  /** The arrays, modules and managers below a manager. */
  public static int below(NDManager manager) {
    try {
      Field resources = BaseNDManager.class.getDeclaredField("resources");
      resources.setAccessible(true);
      Collection<?> own = ((Map<?, ?>) resources.get(manager)).values();
      return own.size()
          + own.stream()
              .mapToInt(resource -> resource instanceof NDManager child ? below(child) : 0)
              .sum();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this DJL keeps its arrays elsewhere", e);
    }
  }
}
