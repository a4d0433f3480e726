package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
import org.djlrunner.checkpoint.WeightMatch;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.param.ArenaAverage;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.WeightLoading;
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

  /** Names and values as they are. */
  private static final WeightLoading EXACT = new WeightLoading(true, List.of(), "");

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
   * @param others what else doesn't fit
   * @throws IOException if there is anything; all is listed
   */
  void requireFit(List<String> others) throws IOException {
    Map<String, String> model = own();
    Map<String, String> stored = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!TensorNames.isOther(name)) {
                stored.put(name, text(tensor.shape(), tensor.type()));
                String own = inTraining(name);
                if (own != null) {
                  model.put(name, text(Objects.requireNonNull(parameters.get(own)).getArray()));
                }
              }
            });
    List<String> problems = new ArrayList<>(WeightMatch.of(model, stored, EXACT).problems());
    problems.addAll(others);
    WeightMatch.requireNone(file, problems);
  }

  /**
   * Copies weights in, of any floating point type, by names that may differ.
   *
   * @return what did not fit, if that may be
   * @throws IOException if it may not, or nothing fits; the model is unchanged then
   */
  List<String> copyWeights(WeightLoading loading) throws IOException {
    Map<String, String> stored = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!TensorNames.isOther(name) && !isBesideAverage(name)) {
                boolean floating = tensor.type().isFloating();
                stored.put(name, text(tensor.shape(), floating ? DataType.FLOAT32 : tensor.type()));
              }
            });
    WeightMatch match = WeightMatch.of(own(), stored, loading);
    List<String> notes = match.require(file, loading);
    match.stored().forEach((own, name) -> copy(name, parameter(own)));
    return notes;
  }

  private Map<String, String> own() {
    Map<String, String> own = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> own.put(name, text(parameter.getArray())));
    return own;
  }

  private static String text(NDArray array) {
    return text(array.getShape(), array.getDataType());
  }

  private static String text(Shape shape, DataType type) {
    return shape + " " + type;
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  /** Whether a tensor is a value in training, whose average goes by the plain name. */
  private boolean isBesideAverage(String name) {
    return name.startsWith(TensorNames.IN_TRAINING)
        && content.tensors().containsKey(name.substring(TensorNames.IN_TRAINING.length()));
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
      NDArray value = array(name, scratch);
      target.set(ALL, value.toType(target.getDataType(), false));
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
