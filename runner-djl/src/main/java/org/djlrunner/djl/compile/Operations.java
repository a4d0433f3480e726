package org.djlrunner.djl.compile;

import static org.djlrunner.djl.compile.Arithmetic.AS_GIVEN;
import static org.djlrunner.djl.compile.Arithmetic.FLOAT;
import static org.djlrunner.djl.compile.Arithmetic.LOW;
import static org.djlrunner.djl.compile.Arithmetic.MIXED;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operations of DJL's arrays that a trace knows, by name and parameter types. */
final class Operations {
  static final Map<String, Operation> BY_SIGNATURE = new HashMap<>();

  private Operations() {}

  static {
    elementwise();
    shapes();
    reductions();
    LayerOperations.addTo(BY_SIGNATURE);
  }

  private static void elementwise() {
    for (String name : List.of("relu", "sigmoid", "tanh", "selu", "gelu", "abs", "neg", "square")) {
      add(name + "()", Operation.unary("torch." + name, AS_GIVEN));
    }
    for (String name : List.of("exp", "log", "log2", "sqrt", "erf")) {
      add(name + "()", Operation.unary("torch." + name, FLOAT));
    }
    add("softPlus()", Operation.unary("torch.softplus", FLOAT));
    add("leakyRelu(float)", Operation.unary("torch.leaky_relu", AS_GIVEN));
    add("elu(float)", Operation.unary("torch.elu", AS_GIVEN));
    add("minimum(Number)", Operation.unary("torch.clamp_max", AS_GIVEN));
    add("maximum(Number)", Operation.unary("torch.clamp_min", AS_GIVEN));
    add("pow(Number)", Operation.unary("torch.pow", FLOAT));
    add("rsub(Number)", Operation.unary("torch.rsub", AS_GIVEN));
    for (String name : List.of("add", "sub", "mul", "div")) {
      for (String type : List.of("Number", "NDArray")) {
        add(name + "(" + type + ")", Operation.binary("torch." + name, AS_GIVEN));
        add(name + "i(" + type + ")", Operation.binary("torch." + name + "_", MIXED));
      }
    }
    add("maximum(NDArray)", Operation.binary("torch.maximum", AS_GIVEN));
    add("minimum(NDArray)", Operation.binary("torch.minimum", AS_GIVEN));
  }

  private static void shapes() {
    add(
        "reshape(Shape)",
        (self, a) ->
            note(
                self,
                "torch.reshape",
                self.value().reshape((Shape) a[0]),
                Argument.sizes(((Shape) a[0]).getShape())));
    add("flatten()", (self, a) -> flatten(self, 0, -1));
    add("flatten(int,int)", (self, a) -> flatten(self, (int) a[0], (int) a[1]));
    add(
        "expandDims(int)",
        (self, a) ->
            note(
                self,
                "torch.unsqueeze",
                self.value().expandDims((int) a[0]),
                Argument.size((int) a[0])));
    add("squeeze(int)", (self, a) -> squeeze(self, (int) a[0]));
    add("squeeze(int[])", (self, a) -> squeeze(self, (int[]) a[0]));
    add("transpose(int[])", (self, a) -> permute(self, (int[]) a[0]));
    add(
        "transpose()",
        (self, a) -> {
          int rank = self.value().getShape().dimension();
          int[] reversed = new int[rank];
          Arrays.setAll(reversed, i -> rank - 1 - i);
          return permute(self, reversed);
        });
    add(
        "swapAxes(int,int)",
        (self, a) ->
            note(
                self,
                "torch.transpose",
                self.value().swapAxes((int) a[0], (int) a[1]),
                Argument.size((int) a[0]),
                Argument.size((int) a[1])));
    add(
        "broadcast(Shape)",
        (self, a) ->
            note(
                self,
                "torch.expand",
                self.value().broadcast((Shape) a[0]),
                Argument.sizes(((Shape) a[0]).getShape())));
    add("concat(NDList,int)", (self, a) -> join(self, "torch.cat", (NDList) a[0], (int) a[1]));
    add("stack(NDList,int)", (self, a) -> join(self, "torch.stack", (NDList) a[0], (int) a[1]));
  }

  private static void reductions() {
    for (String name : List.of("mean", "sum")) {
      add(
          name + "()",
          (self, a) -> {
            NDArray whole = name.equals("mean") ? self.value().mean() : self.value().sum();
            return self.tracer().note("torch." + name, FLOAT, whole, List.of(self.variable()));
          });
      add(name + "(int[],boolean)", (self, a) -> reduce(self, name, (int[]) a[0], (boolean) a[1]));
    }
    for (String name : List.of("softmax", "logSoftmax")) {
      String function = name.equals("softmax") ? "torch.softmax" : "torch.log_softmax";
      add(
          name + "(int)",
          (self, a) ->
              self.tracer()
                  .note(
                      function,
                      FLOAT,
                      self.value(),
                      List.of(self.variable(), Argument.size((int) a[0]))));
    }
    for (String name : List.of("matMul", "batchMatMul")) {
      add(
          name + "(NDArray)",
          (self, a) -> {
            TracedArray other = TracedArray.behind((NDArray) a[0]);
            return self.tracer()
                .note(
                    "torch.matmul",
                    LOW,
                    self.value().matMul(other.value()),
                    List.of(self.variable(), other.variable()));
          });
    }
  }

  private static Object flatten(TracedArray self, int from, int to) {
    return note(
        self,
        "torch.flatten",
        self.value().flatten(from, to),
        Argument.size(from),
        Argument.size(to));
  }

  private static Object squeeze(TracedArray self, int... axes) {
    return note(self, "torch.squeeze", self.value().squeeze(axes), Argument.sizes(longs(axes)));
  }

  private static Object permute(TracedArray self, int... axes) {
    return note(self, "torch.permute", self.value().transpose(axes), Argument.sizes(longs(axes)));
  }

  private static Object reduce(TracedArray self, String name, int[] axes, boolean keep) {
    NDArray real =
        name.equals("mean") ? self.value().mean(axes, keep) : self.value().sum(axes, keep);
    return self.tracer()
        .note(
            "torch." + name,
            FLOAT,
            real,
            List.of(self.variable(), Argument.sizes(longs(axes)), Argument.of(keep)));
  }

  private static Object join(TracedArray self, String function, NDList others, int axis) {
    List<Argument.Variable> variables = new ArrayList<>(List.of(self.variable()));
    NDList values = new NDList(self.value());
    for (NDArray other : others) {
      TracedArray traced = TracedArray.behind(other);
      variables.add(traced.variable());
      values.add(traced.value());
    }
    NDArray real =
        function.equals("torch.cat")
            ? ai.djl.ndarray.NDArrays.concat(values, axis)
            : ai.djl.ndarray.NDArrays.stack(values, axis);
    return self.tracer()
        .note(
            function,
            AS_GIVEN,
            real,
            List.of(new Argument.Variables(variables), Argument.size(axis)));
  }

  private static NDArray note(
      TracedArray self, String function, NDArray value, Argument... arguments) {
    List<Argument> all = new ArrayList<>(List.of(self.variable()));
    all.addAll(List.of(arguments));
    return self.tracer().note(function, AS_GIVEN, value, all);
  }

  private static long[] longs(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  private static void add(String signature, Operation operation) {
    BY_SIGNATURE.put(signature, operation);
  }
}
