package org.djlrunner.djl.compile;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What an operation of a trace is called with. */
sealed interface Argument {
  /** Nothing, where an operation has an optional array. */
  Argument NONE = new Literal("None");

  /** The argument in TorchScript. */
  String text();

  /**
   * A number or word.
   *
   * @param text as TorchScript writes it
   */
  record Literal(String text) implements Argument {}

  /**
   * An array.
   *
   * @param name its variable
   */
  record Variable(String name) implements Argument {
    @Override
    public String text() {
      return name;
    }
  }

  /**
   * A list of arrays.
   *
   * @param variables in order
   */
  record Variables(List<Variable> variables) implements Argument {
    @Override
    public String text() {
      return list(variables);
    }
  }

  /**
   * A list of whole numbers, such as a shape.
   *
   * @param sizes in order
   */
  record Sizes(List<Size> sizes) implements Argument {
    @Override
    public String text() {
      return list(sizes);
    }
  }

  /**
   * A whole number that may be a multiple of the batch's samples.
   *
   * @param factor the number itself, or what the samples are multiplied with
   * @param ofSamples whether it is a multiple
   */
  record Size(long factor, boolean ofSamples) implements Argument {
    @Override
    public String text() {
      if (!ofSamples) {
        return Long.toString(factor);
      }
      return factor == 1 ? StepText.SAMPLES : "torch.mul(" + StepText.SAMPLES + ", " + factor + ")";
    }
  }

  static Argument of(Number number) {
    boolean whole = number instanceof Integer || number instanceof Long;
    return new Literal(whole ? number.toString() : Double.toString(number.doubleValue()));
  }

  static Argument of(boolean flag) {
    return new Literal(flag ? "True" : "False");
  }

  static Size size(long number) {
    return new Size(number, false);
  }

  static Sizes sizes(long... numbers) {
    return new Sizes(Arrays.stream(numbers).mapToObj(Argument::size).toList());
  }

  private static String list(List<? extends Argument> items) {
    return items.stream().map(Argument::text).collect(Collectors.joining(", ", "[", "]"));
  }
}
