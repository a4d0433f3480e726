package org.djlrunner.djl.compile;

import static org.djlrunner.djl.compile.Operation.list;
import static org.djlrunner.djl.compile.Operation.optional;
import static org.djlrunner.djl.compile.Operation.value;
import static org.djlrunner.djl.compile.Operation.variable;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operations behind DJL's layers. */
final class LayerOperations {
  private LayerOperations() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put(
        "convolution(NDArray,NDArray,NDArray,Shape,Shape,Shape,int)", LayerOperations::convolution);
    operations.put("linear(NDArray,NDArray,NDArray)", LayerOperations::linear);
    operations.put("embedding(NDArray,NDArray,SparseFormat)", LayerOperations::embedding);
    operations.put(
        "batchNorm(NDArray,NDArray,NDArray,NDArray,NDArray,int,float,float,boolean)",
        LayerOperations::batchNorm);
    operations.put("layerNorm(NDArray,Shape,NDArray,NDArray,float)", LayerOperations::layerNorm);
    operations.put("dropout(NDArray,float,boolean)", LayerOperations::dropout);
    operations.put("maxPool(Shape,Shape,Shape,boolean)", LayerOperations::maxPool);
    operations.put("avgPool(Shape,Shape,Shape,boolean,boolean)", LayerOperations::avgPool);
    operations.put("globalAvgPool()", (self, a) -> globalAvgPool(self));
    operations.put("globalMaxPool()", (self, a) -> globalMaxPool(self));
  }

  private static Object convolution(TracedArray self, Object[] a) {
    NDArray input = Objects.requireNonNull(value(a[0]));
    NDArray weight = Objects.requireNonNull(value(a[1]));
    NDArray real =
        input
            .getNDArrayInternal()
            .convolution(
                input, weight, bias(a[2]), (Shape) a[3], (Shape) a[4], (Shape) a[5], (int) a[6])
            .head();
    int dimensions = weight.getShape().dimension() - 2;
    return list(
        self.tracer()
            .note(
                "torch.conv" + dimensions + "d",
                Arithmetic.LOW,
                real,
                List.of(
                    variable(a[0]),
                    variable(a[1]),
                    optional(a[2]),
                    sizes(a[3]),
                    sizes(a[4]),
                    sizes(a[5]),
                    Argument.size((int) a[6]))));
  }

  private static Object linear(TracedArray self, Object[] a) {
    NDArray input = Objects.requireNonNull(value(a[0]));
    NDArray weight = Objects.requireNonNull(value(a[1]));
    NDArray real = input.getNDArrayInternal().linear(input, weight, bias(a[2])).head();
    return list(
        self.tracer()
            .note(
                "torch.linear",
                Arithmetic.LOW,
                real,
                List.of(variable(a[0]), variable(a[1]), optional(a[2]))));
  }

  // DJL's layers mean "no bias" by null, though its signatures don't say so.
  @SuppressWarnings("NullAway")
  private static NDArray bias(Object array) {
    return value(array);
  }

  private static Object embedding(TracedArray self, Object[] a) {
    NDArray indices = Objects.requireNonNull(value(a[0]));
    NDArray weight = Objects.requireNonNull(value(a[1]));
    NDArray real =
        indices
            .getNDArrayInternal()
            .embedding(indices, weight, ai.djl.ndarray.types.SparseFormat.DENSE)
            .head();
    return list(
        self.tracer()
            .note(
                "torch.embedding",
                Arithmetic.AS_GIVEN,
                real,
                List.of(variable(a[1]), variable(a[0]))));
  }

  /** DJL's momentum is the share of the old statistics, libtorch's that of the new. */
  private static Object batchNorm(TracedArray self, Object[] a) {
    int axis = (int) a[5];
    if (axis != 1 && axis != -1) {
      throw UnknownOperation.of("batch normalisation over axis " + axis);
    }
    float newShare = 1f - (float) a[6];
    return list(
        self.tracer()
            .note(
                "torch.batch_norm",
                Arithmetic.MIXED,
                Objects.requireNonNull(value(a[0])),
                List.of(
                    variable(a[0]),
                    optional(a[3]),
                    optional(a[4]),
                    optional(a[1]),
                    optional(a[2]),
                    Argument.of((boolean) a[8]),
                    Argument.of(newShare),
                    Argument.of((float) a[7]),
                    Argument.of(true))));
  }

  private static Object layerNorm(TracedArray self, Object[] a) {
    return list(
        self.tracer()
            .note(
                "torch.layer_norm",
                Arithmetic.FLOAT,
                Objects.requireNonNull(value(a[0])),
                List.of(
                    variable(a[0]),
                    sizes(a[1]),
                    optional(a[2]),
                    optional(a[3]),
                    Argument.of((float) a[4]))));
  }

  private static Object dropout(TracedArray self, Object[] a) {
    return list(
        self.tracer()
            .note(
                "torch.dropout",
                Arithmetic.AS_GIVEN,
                Objects.requireNonNull(value(a[0])),
                List.of(variable(a[0]), Argument.of((float) a[1]), Argument.of((boolean) a[2]))));
  }

  private static Object maxPool(TracedArray self, Object[] a) {
    NDArray real =
        self.value()
            .getNDArrayInternal()
            .maxPool((Shape) a[0], (Shape) a[1], (Shape) a[2], (boolean) a[3]);
    return maxPool(self, real, sizes(a[0]), sizes(a[1]), sizes(a[2]), (boolean) a[3]);
  }

  private static NDArray maxPool(
      TracedArray self,
      NDArray real,
      Argument kernel,
      Argument stride,
      Argument padding,
      boolean ceil) {
    return self.tracer()
        .note(
            "torch.max_pool" + dimensions(self) + "d",
            Arithmetic.AS_GIVEN,
            real,
            List.of(
                self.variable(),
                kernel,
                stride,
                padding,
                Argument.sizes(same(self, 1)),
                Argument.of(ceil)));
  }

  private static Object avgPool(TracedArray self, Object[] a) {
    NDArray real =
        self.value()
            .getNDArrayInternal()
            .avgPool((Shape) a[0], (Shape) a[1], (Shape) a[2], (boolean) a[3], (boolean) a[4]);
    return self.tracer()
        .note(
            "torch.avg_pool" + dimensions(self) + "d",
            Arithmetic.AS_GIVEN,
            real,
            List.of(
                self.variable(),
                sizes(a[0]),
                sizes(a[1]),
                sizes(a[2]),
                Argument.of((boolean) a[3]),
                Argument.of((boolean) a[4])));
  }

  private static Object globalAvgPool(TracedArray self) {
    NDArray real = self.value().getNDArrayInternal().globalAvgPool();
    NDArray pooled =
        self.tracer()
            .note(
                "torch.adaptive_avg_pool" + dimensions(self) + "d",
                Arithmetic.AS_GIVEN,
                real,
                List.of(self.variable(), Argument.sizes(same(self, 1))));
    return flat(self, pooled, real);
  }

  /** One window over all: libtorch's adaptive kind would hand back the indices too. */
  private static Object globalMaxPool(TracedArray self) {
    NDArray real = self.value().getNDArrayInternal().globalMaxPool();
    long[] shape = self.value().getShape().getShape();
    Argument window = Argument.sizes(java.util.Arrays.copyOfRange(shape, 2, shape.length));
    NDArray pooled = maxPool(self, real, window, window, Argument.sizes(same(self, 0)), false);
    return flat(self, pooled, real);
  }

  /** {@code [N, C, 1, ...]} to {@code [N, C]}, as DJL's global pools return it. */
  private static NDArray flat(TracedArray self, NDArray pooled, NDArray real) {
    return self.tracer()
        .note(
            "torch.flatten",
            Arithmetic.AS_GIVEN,
            real,
            List.of(variable(pooled), Argument.size(1)));
  }

  private static int dimensions(TracedArray array) {
    return array.value().getShape().dimension() - 2;
  }

  private static long[] same(TracedArray array, long number) {
    return Collections.nCopies(dimensions(array), number).stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static Argument sizes(Object shape) {
    return Argument.sizes(((Shape) shape).getShape());
  }
}
