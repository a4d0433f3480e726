package org.djlrunner.djl.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.jspecify.annotations.Nullable;

/** A network that is nothing but its weights, whose names may have parts. */
final class WeightsBlock extends AbstractBlock {
  /** Weights by name, such as {@code a} and {@code sub.b}. */
  WeightsBlock(Map<String, RecordedTensor> weights) {
    Map<String, Map<String, RecordedTensor>> children = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) -> {
          int dot = name.indexOf('.');
          if (dot < 0) {
            addParameter(
                Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.OTHER)
                    .optShape(tensor.shape())
                    .optInitializer((manager, shape, type) -> tensor.create(manager))
                    .build());
          } else {
            children
                .computeIfAbsent(name.substring(0, dot), child -> new LinkedHashMap<>())
                .put(name.substring(dot + 1), tensor);
          }
        });
    children.forEach((name, own) -> addChildBlock(name, new WeightsBlock(own)));
  }

  /** The same with its arrays, which the returned manager owns. */
  NDManager initialized() {
    NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    initialize(manager, DataType.FLOAT32, new Shape(1));
    return manager;
  }

  /** The values by name. */
  Map<String, List<Float>> values() {
    Map<String, List<Float>> values = new LinkedHashMap<>();
    ParameterNames.of(this)
        .forEach(
            (name, parameter) ->
                values.put(
                    name,
                    Arrays.stream(parameter.getArray().toArray())
                        .map(Number::floatValue)
                        .toList()));
    return values;
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    getChildren().values().forEach(child -> child.initialize(manager, type, inputs));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    throw new UnsupportedOperationException("it computes nothing");
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }
}
