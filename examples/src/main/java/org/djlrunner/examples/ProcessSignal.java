package org.djlrunner.examples;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.ObjIntConsumer;

/**
 * A signal that the operating system may send to this process.
 *
 * <p>Stands for {@code sun.misc.Signal}, which every JDK has and no compiler lets pass without a
 * warning that can't be switched off, so it is called by reflection.
 */
final class ProcessSignal implements AutoCloseable {
  private final Object signal;
  private final Object before;

  private ProcessSignal(Object signal, Object before) {
    this.signal = signal;
    this.before = before;
  }

  /**
   * Handles a signal instead of what it does otherwise, until this is closed.
   *
   * @param name without {@code SIG}, such as {@code TERM}
   * @param handler is told the name and the number, on a thread of its own
   * @throws ReflectiveOperationException if this JVM leaves the signal to nobody
   */
  static ProcessSignal handle(String name, ObjIntConsumer<String> handler)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Object signal = type.getConstructor(String.class).newInstance(name);
    int number = (int) type.getMethod("getNumber").invoke(signal);
    InvocationHandler invocation =
        (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            handler.accept(name, number);
            return null;
          }
          // Signals compare and print their handlers.
          return switch (method.getName()) {
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "handler of SIG" + name;
          };
        };
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object own =
        Proxy.newProxyInstance(
            ProcessSignal.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
    return new ProcessSignal(signal, set(signal, own));
  }

  /** Has the signal do again what it did before. */
  @Override
  public void close() {
    try {
      set(signal, before);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a signal that could be handled can't be released", e);
    }
  }

  private static Object set(Object signal, Object handler) throws ReflectiveOperationException {
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), handlerType)
        .invoke(null, signal, handler);
  }
}
