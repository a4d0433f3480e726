package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How one of DJL's array operations is noted in a trace. */
@FunctionalInterface
interface Operation {
  /**
   * Notes a call.
   *
   * @param self the array that was asked
   * @param arguments as DJL passed them
   * @return what DJL expects back: a traced array, or a list of them
   */
  Object note(TracedArray self, Object[] arguments);

  /** The operation behind a method of DJL's arrays, null if it can't be noted. */
  static @Nullable Operation find(Method method) {
    return Operations.BY_SIGNATURE.get(
        method.getName()
            + Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(",", "(", ")")));
  }

  /** An operation that needs one array and keeps its shape. */
  static Operation unary(String function, Arithmetic arithmetic) {
    return (self, arguments) -> {
      List<Argument> all = new ArrayList<>();
      all.add(self.variable());
      for (Object argument : arguments) {
        all.add(Argument.of((Number) argument));
      }
      return self.tracer().note(function, arithmetic, self.value(), all);
    };
  }

  /** An operation of an array with a number or another array, which may broadcast. */
  static Operation binary(String function, Arithmetic arithmetic) {
    return (self, arguments) -> {
      if (arguments[0] instanceof Number number) {
        return self.tracer()
            .note(
                function, arithmetic, self.value(), List.of(self.variable(), Argument.of(number)));
      }
      TracedArray other = TracedArray.behind((NDArray) arguments[0]);
      boolean inPlace = function.endsWith("_");
      NDArray shaped = inPlace ? self.value() : self.value().add(other.value());
      return self.tracer()
          .note(function, arithmetic, shaped, List.of(self.variable(), other.variable()));
    };
  }

  /** The variable of an array that may be absent. */
  static Argument optional(@Nullable Object array) {
    return array == null ? Argument.NONE : variable(array);
  }

  /** The variable of an array. */
  static Argument.Variable variable(Object array) {
    return TracedArray.behind((NDArray) array).variable();
  }

  /** The real array behind one that may be absent. */
  static @Nullable NDArray value(@Nullable Object array) {
    return array == null ? null : TracedArray.behind((NDArray) array).value();
  }

  /** One array as DJL's operations of networks return it. */
  static NDList list(NDArray array) {
    return new NDList(array);
  }
}
