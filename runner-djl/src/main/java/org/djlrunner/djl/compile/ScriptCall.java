package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.lang.reflect.Proxy;
import java.util.List;
import org.djlrunner.djl.kernel.ScriptSource;

/** Lets a block that is a TorchScript module itself take part in a trace. */
public final class ScriptCall {
  private ScriptCall() {}

  /** Whether an array only stands for one, because its network is being traced. */
  public static boolean isTraced(NDArray array) {
    return Proxy.isProxyClass(array.getClass())
        && Proxy.getInvocationHandler(array) instanceof TracedArray;
  }

  /** The real arrays behind traced ones, of their shapes and types; their numbers mean nothing. */
  public static List<NDArray> real(List<NDArray> arrays) {
    return arrays.stream().map(array -> TracedArray.behind(array).value()).toList();
  }

  /**
   * Notes that a module's method is called; the network compiles to methods of the same module.
   *
   * @param arrays the call's arguments, all of them traced
   * @param results what it returned for {@link #real} arguments
   * @return the results, to be handed on in the trace
   * @throws NotCompilableException if the network holds another module besides
   */
  public static NDList note(
      ScriptSource source, String methods, String method, List<NDArray> arrays, NDList results) {
    Tracer tracer = TracedArray.behind(arrays.get(0)).tracer();
    tracer.use(new Trace.Script(source, methods));
    List<Argument.Variable> arguments =
        arrays.stream().map(array -> TracedArray.behind(array).variable()).toList();
    return tracer.noteAll("(self)." + method, new Argument.Variables(arguments), results);
  }
}
