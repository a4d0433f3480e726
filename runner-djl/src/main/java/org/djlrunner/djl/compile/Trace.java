package org.djlrunner.djl.compile;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.djl.kernel.ScriptSource;

/**
 * What a network does to a batch, operation by operation.
 *
 * @param statements in order
 * @param inputs the variables of its inputs, in order
 * @param floatingInputs those of them that hold floating-point numbers
 * @param parameters the variable of each parameter that it asked for
 * @param outputs the variables of its outputs, in order
 * @param script the TorchScript module that it calls, empty if it calls none
 */
record Trace(
    List<Statement> statements,
    List<Argument.Variable> inputs,
    Set<Argument.Variable> floatingInputs,
    Map<Parameter, Argument.Variable> parameters,
    List<Argument.Variable> outputs,
    Optional<Script> script) {

  /**
   * A module that the network calls.
   *
   * @param source where it comes from
   * @param methods the text of what the network calls
   */
  record Script(ScriptSource source, String methods) {}

  /** The shape of the first output, in the trace that it is from; empty if that is an input. */
  Optional<Shape> outputShape() {
    return statements.stream()
        .filter(statement -> statement.result().equals(outputs.get(0)))
        .map(Statement::shape)
        .findFirst();
  }

  /** Whether two runs may give different numbers, since some are dropped by chance. */
  boolean mayBeRandom() {
    // What happens within a TorchScript module isn't known.
    return script.isPresent()
        || statements.stream()
            .anyMatch(
                statement ->
                    statement.function().equals("torch.dropout")
                        && !statement.arguments().get(1).equals(Argument.of(0f))
                        && statement.arguments().get(2).equals(Argument.of(true)));
  }

  /**
   * One trace of two that were taken with different numbers of samples: where a size differs in
   * proportion to them, it becomes a multiple of them.
   *
   * @throws NotCompilableException if the traces differ in anything else
   */
  static Trace merge(Trace a, long samplesA, Trace b, long samplesB) {
    if (a.statements.size() != b.statements.size() || !a.outputs.equals(b.outputs)) {
      throw new NotCompilableException("the network's operations depend on the batch's size");
    }
    List<Statement> merged = new ArrayList<>();
    for (int i = 0; i < a.statements.size(); i++) {
      Statement left = a.statements.get(i);
      Statement right = b.statements.get(i);
      if (!left.function().equals(right.function())
          || left.arguments().size() != right.arguments().size()) {
        throw new NotCompilableException("the network's operations depend on the batch's size");
      }
      List<Argument> arguments = new ArrayList<>();
      for (int k = 0; k < left.arguments().size(); k++) {
        arguments.add(merge(left.arguments().get(k), samplesA, right.arguments().get(k), samplesB));
      }
      merged.add(
          new Statement(
              left.result(),
              left.function(),
              arguments,
              left.arithmetic(),
              left.floating(),
              left.shape()));
    }
    return new Trace(merged, a.inputs, a.floatingInputs, a.parameters, a.outputs, a.script);
  }

  private static Argument merge(Argument a, long samplesA, Argument b, long samplesB) {
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof Argument.Size left && b instanceof Argument.Size right) {
      return merge(left, samplesA, right, samplesB);
    }
    if (a instanceof Argument.Sizes left
        && b instanceof Argument.Sizes right
        && left.sizes().size() == right.sizes().size()) {
      List<Argument.Size> sizes = new ArrayList<>();
      for (int i = 0; i < left.sizes().size(); i++) {
        sizes.add(merge(left.sizes().get(i), samplesA, right.sizes().get(i), samplesB));
      }
      return new Argument.Sizes(sizes);
    }
    throw new NotCompilableException("an argument depends on the batch's size: " + a.text());
  }

  private static Argument.Size merge(
      Argument.Size a, long samplesA, Argument.Size b, long samplesB) {
    if (a.equals(b)) {
      return a;
    }
    if (a.factor() % samplesA == 0 && b.factor() == a.factor() / samplesA * samplesB) {
      return new Argument.Size(a.factor() / samplesA, true);
    }
    throw new NotCompilableException(
        "a size depends on the batch's size, but is no multiple of it: " + a.text());
  }
}
