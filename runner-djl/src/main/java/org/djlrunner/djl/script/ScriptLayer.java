package org.djlrunner.djl.script;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.param.ParameterNames;
import org.jspecify.annotations.Nullable;

/**
 * A module of an exported network: its parameters and buffers under Python's names.
 *
 * <p>It has no forward of its own; the network is called as a whole.
 */
public class ScriptLayer extends AbstractBlock {
  /** PyTorch's normalisations by the names of their classes. */
  private static final Set<String> NORMALISATIONS =
      Set.of("BatchNorm", "SyncBatchNorm", "InstanceNorm", "GroupNorm", "LayerNorm");

  private final ScriptClass type;

  /**
   * A module of a class, with all modules within it.
   *
   * @param path its place in the network
   * @param places the tensors of the network that are there
   */
  ScriptLayer(
      ScriptClass type, ExportedArchive archive, List<String> path, Collection<TensorPlace> places)
      throws IOException {
    this.type = type;
    type.tensors().stream()
        .filter(tensor -> places.contains(new TensorPlace(path, tensor)))
        .forEach(tensor -> addParameter(parameter(tensor)));
    for (Map.Entry<String, String> child : type.children().entrySet()) {
      List<String> inner = TensorPlace.inner(path, child.getKey());
      ScriptClass childType = archive.type(child.getValue());
      addChildBlock(child.getKey(), new ScriptLayer(childType, archive, inner, places));
    }
  }

  /** The parameters and buffers of this module itself, by name, in the order of the state dict. */
  Map<String, Parameter> tensors() {
    return parameters;
  }

  /** The module at a path within this one. */
  ScriptLayer at(List<String> path) {
    ScriptLayer layer = this;
    for (String name : path) {
      layer =
          ParameterNames.children(layer).stream()
              .filter(child -> child.name().equals(name))
              .map(child -> (ScriptLayer) child.block())
              .findFirst()
              .orElseThrow();
    }
    return layer;
  }

  /** The class's name in Python, such as {@code Conv2d}. */
  public String className() {
    return type.simpleName();
  }

  /** Whether this is one of PyTorch's normalisations. */
  public boolean isNormalization() {
    return NORMALISATIONS.contains(className().replaceFirst("[123]d$", ""));
  }

  /**
   * A constant of the module that is a whole number, such as {@code groups} of a convolution.
   *
   * @param fallback what it is where the class declares no such constant
   */
  public long constant(String name, long fallback) {
    String text = type.constants().getOrDefault(name, "");
    return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : fallback;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    throw new IllegalStateException(
        className() + " is a part of an exported network, which runs as a whole only");
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    throw new IllegalStateException(
        className() + " is a part of an exported network, which runs as a whole only");
  }

  private Parameter parameter(ScriptClass.Tensor tensor) {
    return Parameter.builder()
        .setName(tensor.name())
        .setType(type(tensor))
        .optRequiresGrad(tensor.trainable())
        .build();
  }

  private Parameter.Type type(ScriptClass.Tensor tensor) {
    if (!tensor.trainable()) {
      // DJL has no word for other buffers; what counts is that no optimizer ever sees them.
      return Parameter.Type.RUNNING_MEAN;
    }
    if (tensor.name().equals("bias")) {
      return isNormalization() ? Parameter.Type.BETA : Parameter.Type.BIAS;
    }
    return isNormalization() ? Parameter.Type.GAMMA : Parameter.Type.WEIGHT;
  }
}
