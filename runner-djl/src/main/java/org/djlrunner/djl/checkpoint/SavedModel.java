package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.param.ArenaAverage;
import org.djlrunner.djl.param.ParameterArena;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint file beside the parameters it is to be copied into.
 *
 * @param file the file
 * @param content what it holds
 * @param parameters the model's, by state-dict name
 */
record SavedModel(Path file, SafetensorsReader content, Map<String, Parameter> parameters) {
  private static final NDIndex ALL = new NDIndex("...");

  static SavedModel open(Path file, Map<String, Parameter> parameters) throws IOException {
    return new SavedModel(file, SafetensorsReader.open(file), parameters);
  }

  /** A tensor as an array on the device of the manager, which owns it. */
  NDArray array(String name, NDManager owner) {
    Tensor tensor = Objects.requireNonNull(content.tensors().get(name), name);
    return owner.create(
        tensor.data().order(ByteOrder.nativeOrder()), tensor.shape(), tensor.type());
  }

  /**
   * Checks names, shapes and types of all weights.
   *
   * @throws IOException if some differ; all are listed
   */
  void requireFit() throws IOException {
    requireFit(List.of());
  }

  /** The same, together with what else doesn't fit. */
  void requireFit(List<String> others) throws IOException {
    List<String> problems = new ArrayList<>();
    parameters.forEach((name, parameter) -> compare(name, name, parameter, problems));
    for (String name : new TreeSet<>(content.tensors().keySet())) {
      String own = inTraining(name);
      if (own != null) {
        compare(name, own, Objects.requireNonNull(parameters.get(own)), problems);
      } else if (!parameters.containsKey(name) && !TensorNames.isOther(name)) {
        problems.add("unexpected: " + name);
      }
    }
    problems.addAll(others);
    if (!problems.isEmpty()) {
      throw new IOException(
          file + " doesn't fit the model:\n  - " + String.join("\n  - ", problems));
    }
  }

  private void compare(String name, String own, Parameter parameter, List<String> problems) {
    Tensor tensor = content.tensors().get(name);
    NDArray target = parameter.getArray();
    if (tensor == null) {
      problems.add("missing: " + own + " " + target.getShape());
    } else if (!tensor.shape().equals(target.getShape()) || tensor.type() != target.getDataType()) {
      problems.add(
          String.format(
              "%s is %s %s, the model has %s %s",
              name, tensor.shape(), tensor.type(), target.getShape(), target.getDataType()));
    }
  }

  /** The parameter whose value in training a tensor is; null if it is none. */
  private @Nullable String inTraining(String name) {
    if (!name.startsWith(TensorNames.IN_TRAINING)) {
      return null;
    }
    String own = name.substring(TensorNames.IN_TRAINING.length());
    return parameters.containsKey(own) ? own : null;
  }

  /** Copies the weights under plain names into the parameters. */
  void copyWeights() {
    parameters.forEach((name, parameter) -> copy(name, parameter));
  }

  private void copy(String name, Parameter parameter) {
    NDArray target = parameter.getArray();
    try (NDManager scratch = target.getManager().newSubManager()) {
      target.set(ALL, array(name, scratch));
    }
  }

  /**
   * Puts weights in training, their average and waiting gradients back, after {@link #copyWeights}.
   *
   * @return what people should know of the average
   */
  Optional<String> restoreTraining(
      ParameterArena arena, Optional<ArenaAverage> average, boolean gradients, NDManager scratch) {
    Map<String, NDArray> waiting = new LinkedHashMap<>();
    boolean twoSets = false;
    for (String name : content.tensors().keySet()) {
      twoSets |= inTraining(name) != null;
      if (gradients && name.startsWith(TensorNames.GRADIENT)) {
        waiting.put(name.substring(TensorNames.GRADIENT.length()), array(name, scratch));
      }
    }
    arena.carryOver(waiting);
    // The model holds the averages now, which is where an average begins, too.
    average.ifPresent(ArenaAverage::begin);
    if (twoSets) {
      for (String name : content.tensors().keySet()) {
        String own = inTraining(name);
        if (own != null) {
          copy(name, Objects.requireNonNull(parameters.get(own)));
        }
      }
    }
    if (twoSets == average.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        twoSets
            ? "The checkpoint holds an average of the weights, which this run leaves out"
            : "The checkpoint holds no average of the weights: it begins with the weights");
  }
}
