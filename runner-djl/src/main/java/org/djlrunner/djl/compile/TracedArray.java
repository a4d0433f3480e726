package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mind behind a proxy array: knows its variable and the real array that it stands for. */
final class TracedArray implements InvocationHandler {
  /** Questions that the real array answers. */
  private static final Set<String> ANSWERED =
      Set.of(
          "getShape",
          "getDataType",
          "getManager",
          "getDevice",
          "size",
          "isEmpty",
          "isScalar",
          "hasGradient",
          "isReleased",
          "getUid",
          "isSparse",
          "getSparseFormat",
          "hashCode",
          "toString");

  /** Housekeeping that means nothing to a trace. */
  private static final Set<String> IGNORED =
      Set.of("attach", "tempAttach", "detach", "close", "setName");

  private final Tracer tracer;
  private final Argument.Variable variable;
  private final NDArray value;
  private final NDArray proxy;

  TracedArray(Tracer tracer, Argument.Variable variable, NDArray value) {
    this.tracer = tracer;
    this.variable = variable;
    this.value = value;
    this.proxy = (NDArray) proxy(NDArray.class);
  }

  /** The array to hand to blocks. */
  NDArray proxy() {
    return proxy;
  }

  Tracer tracer() {
    return tracer;
  }

  Argument.Variable variable() {
    return variable;
  }

  /** The real array, of the right shape and type, whose numbers mean nothing. */
  NDArray value() {
    return value;
  }

  /**
   * The mind behind an array that a block hands back.
   *
   * @throws NotCompilableException if the block made the array by itself
   */
  static TracedArray behind(NDArray array) {
    if (Proxy.isProxyClass(array.getClass())
        && Proxy.getInvocationHandler(array) instanceof TracedArray traced) {
      return traced;
    }
    throw UnknownOperation.of("an array that is neither an input nor a parameter");
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    String name = method.getName();
    Object[] arguments = given == null ? new Object[0] : given;
    if (name.equals("getNDArrayInternal")) {
      return proxy(NDArrayEx.class);
    }
    if (name.equals("getArray")) {
      return proxy;
    }
    if (name.equals("equals")) {
      return self == arguments[0];
    }
    if (IGNORED.contains(name)) {
      return null;
    }
    if (ANSWERED.contains(name)) {
      return ask(method, arguments);
    }
    Operation operation = Operation.find(method);
    if (operation != null) {
      return operation.note(this, arguments);
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(self, method, arguments);
    }
    throw UnknownOperation.of(method.getDeclaringClass().getSimpleName() + "." + name);
  }

  private @Nullable Object ask(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(value, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object proxy(Class<?> type) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
  }
}
