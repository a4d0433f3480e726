package org.djlrunner.djl.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network whose gradients are its inputs: the output is the sum of parameter times coefficient
 * over all elements, and so is the loss.
 */
public final class ProbeBlock extends AbstractBlock {
  private final List<Parameter> probes = new ArrayList<>();

  /** A network with these parameters, {@code p0}, {@code p1} and so on. */
  public ProbeBlock(List<RecordedTensor> values) {
    for (RecordedTensor value : values) {
      probes.add(
          addParameter(
              Parameter.builder()
                  .setName("p" + probes.size())
                  .setType(Parameter.Type.OTHER)
                  .optShape(value.shape())
                  .optInitializer((manager, shape, type) -> value.create(manager))
                  .build()));
    }
  }

  /**
   * Its input: the coefficients of those parameters that shall take part.
   *
   * @param coefficients a tensor a parameter, null where it takes no part
   */
  public static ArrayBatch batch(NDManager parent, int samples, JsonNode coefficients) {
    return new ArrayBatch(
        parent,
        samples,
        manager -> {
          NDList inputs = new NDList();
          for (int i = 0; i < coefficients.size(); i++) {
            if (!coefficients.get(i).isNull()) {
              NDArray input = RecordedTensor.of(coefficients.get(i)).create(manager);
              input.setName("p" + i);
              inputs.add(input);
            }
          }
          return inputs;
        },
        manager -> new NDList());
  }

  /** The loss that is the network's output. */
  public static Loss loss() {
    return new Loss("sum") {
      @Override
      public NDArray evaluate(NDList labels, NDList predictions) {
        return predictions.singletonOrThrow();
      }
    };
  }

  /** A parameter, in the order given. */
  public Parameter parameter(int index) {
    return probes.get(index);
  }

  /** The elements of all parameters, in the order given. */
  public List<Float> values() {
    List<Float> values = new ArrayList<>();
    for (Parameter parameter : probes) {
      for (float value : parameter.getArray().toFloatArray()) {
        values.add(value);
      }
    }
    return values;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList coefficients,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray sum = coefficients.head().getManager().create(0f);
    for (NDArray coefficient : coefficients) {
      Parameter probe = probes.get(Integer.parseInt(coefficient.getName().substring(1)));
      NDArray value = store.getValue(probe, coefficient.getDevice(), training);
      sum = sum.add(value.mul(coefficient).sum());
    }
    return new NDList(sum);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape()};
  }
}
