package org.djlrunner.djl.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.precision.Precision;

/**
 * Writes a trace as the body of a TorchScript method, in a precision.
 *
 * <p>Parameters come as one flat float32 array. Runs of neighbours that are used in the low type
 * are cast together, so a step has one cast for all filters and none for the norms.
 */
final class StepText {
  /** The variable that holds the number of samples. */
  static final String SAMPLES = "samples";

  private static final int FLOAT32 = 6;

  private final Trace trace;
  private final Precision precision;
  private final boolean roundOnly;
  private final OverwritableResults overwritable;
  private final Set<String> floating = new HashSet<>();
  private final Set<String> low = new HashSet<>();
  private final Map<String, String> casts = new HashMap<>();
  private final SharedMemory memory = new SharedMemory();
  private final List<String> lines = new ArrayList<>();

  /**
   * The text of a trace.
   *
   * @param roundOnly whether the low type is only rounded to: products are float32, for hardware
   *     that has none of the low type
   */
  StepText(Trace trace, Precision precision, boolean roundOnly) {
    this.trace = trace;
    this.precision = precision;
    this.roundOnly = roundOnly;
    this.overwritable = new OverwritableResults(trace);
  }

  /** The lines written so far. */
  List<String> lines() {
    return lines;
  }

  /** Appends a line. */
  void line(String text) {
    lines.add(text);
  }

  /** Declares a floating-point variable that is float32, or in the low type. */
  void declare(String variable, boolean isLow) {
    floating.add(variable);
    if (isLow) {
      low.add(variable);
    }
  }

  /** Declares an input; whole numbers, such as words' indices, are never cast. */
  void declareIfFloating(Argument.Variable input) {
    if (trace.floatingInputs().contains(input)) {
      declare(input.name(), false);
    }
  }

  /** Whether a parameter is used where the low type computes. */
  boolean wantsLow(Argument.Variable parameter) {
    return precision != Precision.FP32
        && trace.statements().stream()
            .anyMatch(
                statement ->
                    statement.arithmetic() == Arithmetic.LOW
                        && statement.arguments().contains(parameter));
  }

  /** Writes all statements. */
  void statements() {
    trace.statements().forEach(this::statement);
  }

  /**
   * A result that leaves the method, in float32 whatever was concluded of its type: Java must never
   * see a low one. Casting float32 to itself costs nothing.
   */
  String inFloat(Argument.Variable variable) {
    return precision == Precision.FP32 || !floating.contains(variable.name())
        ? variable.text()
        : to(variable, FLOAT32);
  }

  private void statement(Statement statement) {
    List<Argument> arguments =
        statement.arguments().stream().map(argument -> typed(argument, statement)).toList();
    if (roundOnly && statement.arithmetic() == Arithmetic.LOW) {
      lines.add(rounded(statement, arguments));
    } else {
      Statement typed = statement.with(arguments);
      lines.add((mayOverwrite(statement) ? typed.inPlace() : typed).text());
    }
    if (statement.floating()) {
      declare(statement.result().name(), resultIsLow(statement));
    }
    memory.add(statement);
    if (statement.changesArgument()) {
      // What was cast before the change is stale, of all that see the same numbers.
      String changed = statement.arguments().get(0).text();
      casts.keySet().removeIf(variable -> memory.areShared(variable, changed));
    }
  }

  /** In place the first argument's type is kept, so the others must not be wider. */
  private boolean mayOverwrite(Statement statement) {
    return overwritable.allows(statement)
        && statement.arguments().stream()
            .allMatch(
                argument ->
                    !(argument instanceof Argument.Variable variable)
                        || isLow(variable) == isLow(statement.arguments().get(0)));
  }

  /** Operands and result are rounded to the low type, what happens between them is float32. */
  private String rounded(Statement statement, List<Argument> arguments) {
    List<Argument> wide =
        arguments.stream()
            .map(a -> a instanceof Argument.Variable v ? new Argument.Literal(to(v, FLOAT32)) : a)
            .toList();
    String call = statement.with(wide).call();
    return statement.result().text() + " = torch.to(" + call + ", " + precision.code() + ")";
  }

  private static String to(Argument.Variable variable, int type) {
    return "torch.to(" + variable.text() + ", " + type + ")";
  }

  private Argument typed(Argument argument, Statement statement) {
    boolean fixed =
        statement.arithmetic() == Arithmetic.LOW || statement.arithmetic() == Arithmetic.FLOAT;
    boolean wantLow = statement.arithmetic() == Arithmetic.LOW;
    if (argument instanceof Argument.Variable variable && fixed) {
      return cast(variable, wantLow);
    }
    if (statement.arithmetic() == Arithmetic.MIXED
        && argument instanceof Argument.Variable variable
        && !argument.equals(statement.arguments().get(0))
        && !statement.changesArgument()) {
      return cast(variable, false);
    }
    return argument;
  }

  private boolean resultIsLow(Statement statement) {
    return switch (statement.arithmetic()) {
      case LOW -> precision != Precision.FP32;
      case FLOAT -> false;
      case MIXED -> isLow(statement.arguments().get(0));
      case AS_GIVEN -> widestIsLow(statement);
    };
  }

  private boolean widestIsLow(Statement statement) {
    boolean anyLow = false;
    for (Argument argument : statement.arguments()) {
      List<? extends Argument> arrays =
          argument instanceof Argument.Variables list ? list.variables() : List.of(argument);
      for (Argument array : arrays) {
        if (array instanceof Argument.Variable variable && floating.contains(variable.name())) {
          if (!isLow(variable)) {
            return false;
          }
          anyLow = true;
        }
      }
    }
    return anyLow;
  }

  private boolean isLow(Argument argument) {
    return low.contains(argument.text());
  }

  /** The variable in the type that is wanted; a cast is written once. */
  private Argument.Variable cast(Argument.Variable variable, boolean wantLow) {
    boolean wrong =
        precision != Precision.FP32
            && floating.contains(variable.name())
            && isLow(variable) != wantLow;
    if (!wrong) {
      return variable;
    }
    String name =
        casts.computeIfAbsent(
            variable.name(),
            v -> {
              String fresh = v + "_cast";
              int type = wantLow ? precision.code() : FLOAT32;
              lines.add(fresh + " = " + to(variable, type));
              declare(fresh, wantLow);
              return fresh;
            });
    return new Argument.Variable(name);
  }
}
