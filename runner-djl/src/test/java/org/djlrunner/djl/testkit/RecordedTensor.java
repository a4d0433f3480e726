package org.djlrunner.djl.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a recorded case: nested arrays of numbers.
 *
 * @param shape its shape
 * @param values its elements, row-major; {@code "nan"}, {@code "inf"} and {@code "-inf"} are read
 */
public record RecordedTensor(Shape shape, List<Float> values) {
  /** Reads a tensor. */
  public static RecordedTensor of(JsonNode node) {
    List<Long> shape = new ArrayList<>();
    for (JsonNode level = node; level.isArray(); level = level.path(0)) {
      shape.add((long) level.size());
    }
    List<Float> values = new ArrayList<>();
    collect(node, values);
    return new RecordedTensor(new Shape(shape), values);
  }

  /** The numbers of a tensor or of a list of tensors, one after the other. */
  public static List<Float> flat(JsonNode node) {
    List<Float> values = new ArrayList<>();
    collect(node, values);
    return values;
  }

  /** A recorded number, also where it is not finite. */
  public static float number(JsonNode node) {
    return switch (node.asText()) {
      case "nan" -> Float.NaN;
      case "inf" -> Float.POSITIVE_INFINITY;
      case "-inf" -> Float.NEGATIVE_INFINITY;
      default -> (float) node.asDouble();
    };
  }

  /** The tensor as an array, float32. */
  public NDArray create(NDManager manager) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return manager.create(floats, shape);
  }

  private static void collect(JsonNode node, List<Float> values) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, values));
    } else {
      values.add(number(node));
    }
  }
}
