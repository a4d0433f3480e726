package org.djlrunner.djl.data.cifar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.cifar.PickleValue.EmptyArray;
import org.djlrunner.djl.data.cifar.PickleValue.Name;
import org.djlrunner.djl.data.cifar.PickleValue.NumberArray;
import org.djlrunner.djl.data.cifar.PickleValue.NumberType;
import org.djlrunner.djl.data.cifar.PickleValue.Tuple;

/** How NumPy's arrays stand in a pickle: three names, called and filled in a fixed way. */
final class PickledNumpy {
  private PickledNumpy() {}

  /** One of the names that may stand there. */
  static Name name(String module, String name, Function<String, DataException> refused) {
    return switch (module + " " + name) {
      case "numpy.core.multiarray _reconstruct" -> Name.RECONSTRUCT;
      case "numpy ndarray" -> Name.NDARRAY;
      case "numpy dtype" -> Name.DTYPE;
      default ->
          throw refused.apply(
              "the name " + module + "." + name + ", which CIFAR's files don't have");
    };
  }

  /** What a name makes of its arguments. */
  static PickleValue reduced(
      Name name, List<Object> arguments, Function<String, DataException> refused) {
    if (name == Name.RECONSTRUCT && !arguments.isEmpty() && arguments.get(0) == Name.NDARRAY) {
      return EmptyArray.EMPTY;
    }
    if (name == Name.DTYPE && !arguments.isEmpty() && arguments.get(0) instanceof byte[] code) {
      return new NumberType(new String(code, StandardCharsets.ISO_8859_1));
    }
    throw refused.apply("a call of " + name + " that makes no array");
  }

  /** A value with its state: of a type nothing that counts for bytes, of an array its content. */
  static PickleValue built(
      Object value, List<Object> state, Function<String, DataException> refused) {
    if (value instanceof NumberType type) {
      return type;
    }
    if (value == EmptyArray.EMPTY
        && state.size() == 5
        && state.get(1) instanceof Tuple shape
        && state.get(2) instanceof NumberType type
        && Boolean.FALSE.equals(state.get(3))
        && state.get(4) instanceof byte[] bytes) {
      return new NumberArray(type.code(), dimensions(shape, refused), bytes);
    }
    throw refused.apply("a state that is no array's in row order");
  }

  private static List<Integer> dimensions(Tuple shape, Function<String, DataException> refused) {
    List<Integer> dimensions = new ArrayList<>();
    for (Object item : shape.items()) {
      if (!(item instanceof Integer dimension) || dimension < 0) {
        throw refused.apply("an array whose shape is no numbers");
      }
      dimensions.add(dimension);
    }
    return List.copyOf(dimensions);
  }
}
