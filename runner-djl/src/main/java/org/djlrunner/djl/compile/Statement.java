package org.djlrunner.djl.compile;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One operation of a trace.
 *
 * @param result the variable that it assigns
 * @param function its name in TorchScript, such as {@code torch.conv2d}
 * @param arguments in TorchScript's order
 * @param arithmetic the type that it computes in
 * @param floating whether the result is a floating-point array
 * @param shape of the result, in the trace that it is from
 */
record Statement(
    Argument.Variable result,
    String function,
    List<Argument> arguments,
    Arithmetic arithmetic,
    boolean floating,
    Shape shape) {
  /** The same with other arguments. */
  Statement with(List<Argument> others) {
    return new Statement(result, function, others, arithmetic, floating, shape);
  }

  /** Whether it writes its result over its first argument. */
  boolean changesArgument() {
    return function.endsWith("_");
  }

  /** The same, computed into its first argument. */
  Statement inPlace() {
    return new Statement(result, function + "_", arguments, arithmetic, floating, shape);
  }

  /** The statement in TorchScript. */
  String text() {
    return result.text() + " = " + call();
  }

  /** Its right side. */
  String call() {
    return arguments.stream()
        .map(Argument::text)
        .collect(Collectors.joining(", ", function + "(", ")"));
  }
}
