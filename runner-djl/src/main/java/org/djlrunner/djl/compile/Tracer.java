package org.djlrunner.djl.compile;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.djl.compile.Trace.Script;
import org.jspecify.annotations.Nullable;

/**
 * Runs a block on arrays that write down what is done with them.
 *
 * <p>Such an array is a proxy around a real one, which answers questions about shape and type;
 * operations that keep the shape are only noted, so running statistics and the random generator
 * stay as they are.
 */
final class Tracer {
  private final List<Statement> statements = new ArrayList<>();
  private final Map<Parameter, TracedArray> parameters = new LinkedHashMap<>();
  private @Nullable Script script;
  private int variables;

  private Tracer() {}

  /**
   * Traces a forward pass.
   *
   * @param manager owns what the trace computes
   * @param inputs real arrays of the shapes and types that the network takes
   * @throws NotCompilableException if the network does what can't be noted
   */
  static Trace trace(Block block, NDManager manager, NDList inputs, boolean training) {
    Tracer tracer = new Tracer();
    List<Argument.Variable> inputVariables = new ArrayList<>();
    Set<Argument.Variable> floating = new HashSet<>();
    NDList traced = new NDList();
    for (NDArray input : inputs) {
      TracedArray array = new TracedArray(tracer, tracer.next("x"), input);
      inputVariables.add(array.variable());
      if (input.getDataType().isFloating()) {
        floating.add(array.variable());
      }
      traced.add(array.proxy());
    }
    NDList outputs;
    try {
      outputs = block.forward(tracer.new Store(manager), traced, training);
    } catch (ClassCastException e) {
      throw new NotCompilableException(
          UnknownOperation.culprit(e) + " takes PyTorch's arrays past DJL's interface");
    }
    return new Trace(
        List.copyOf(tracer.statements),
        inputVariables,
        floating,
        variables(tracer.parameters),
        outputs.stream().map(output -> TracedArray.behind(output).variable()).toList(),
        Optional.ofNullable(tracer.script));
  }

  /** Notes an operation; its result has the shape and type of {@code value}. */
  NDArray note(String function, Arithmetic arithmetic, NDArray value, List<Argument> arguments) {
    TracedArray result = new TracedArray(this, next("v"), value);
    statements.add(
        new Statement(
            result.variable(),
            function,
            List.copyOf(arguments),
            arithmetic,
            value.getDataType().isFloating(),
            value.getShape()));
    return result.proxy();
  }

  /** Notes an operation that returns a list. */
  NDList noteAll(String function, Argument argument, NDList values) {
    Argument.Variable list = next("v");
    statements.add(
        new Statement(list, function, List.of(argument), Arithmetic.FLOAT, false, new Shape()));
    NDList results = new NDList();
    for (int i = 0; i < values.size(); i++) {
      results.add(
          note(
              "torch.__getitem__",
              Arithmetic.FLOAT,
              values.get(i),
              List.of(list, Argument.size(i))));
    }
    return results;
  }

  /** The network's methods are to be added to a module, since it calls the module's. */
  void use(Script wanted) {
    if (script != null && !script.equals(wanted)) {
      throw new NotCompilableException("it holds several TorchScript modules");
    }
    script = wanted;
  }

  private Argument.Variable next(String prefix) {
    return new Argument.Variable(prefix + variables++);
  }

  private static Map<Parameter, Argument.Variable> variables(Map<Parameter, TracedArray> arrays) {
    Map<Parameter, Argument.Variable> variables = new LinkedHashMap<>();
    arrays.forEach((parameter, array) -> variables.put(parameter, array.variable()));
    return variables;
  }

  /** Hands out parameters as traced arrays. */
  private final class Store extends ParameterStore {
    private final NDManager manager;

    Store(NDManager manager) {
      super(manager, false);
      this.manager = manager;
    }

    /** Shares the parameter's numbers, but belongs to the trace. */
    private TracedArray traced(Parameter parameter) {
      NDArray value = parameter.getArray().stopGradient();
      value.attach(manager);
      return new TracedArray(Tracer.this, next("p"), value);
    }

    @Override
    // DJL's blocks ask for an absent bias with null and expect null.
    @SuppressWarnings("NullAway")
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      if (parameter == null) {
        return null;
      }
      return parameters.computeIfAbsent(parameter, this::traced).proxy();
    }
  }
}
