package org.djlrunner.djl.param;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a block tree under PyTorch's state-dict names, in the order of the tree.
 *
 * <p>DJL numbers children ({@code 01conv1}) and names parameters its own way; here children are
 * {@code conv1}, or their zero-based position where they were added without a name of their own,
 * and normalisation's parameters are {@code weight, bias, running_mean, running_var}.
 */
public final class ParameterNames {
  private static final Map<String, String> TORCH_NAMES =
      Map.of(
          "gamma", "weight",
          "beta", "bias",
          "runningMean", "running_mean",
          "runningVar", "running_var");

  /** DJL's normalisation declares its statistics first; names not listed here come before. */
  private static final List<String> TORCH_ORDER =
      List.of("weight", "bias", "running_mean", "running_var");

  private static final Set<Parameter.Type> STATISTICS =
      Set.of(Parameter.Type.RUNNING_MEAN, Parameter.Type.RUNNING_VAR);

  /**
   * A block within another.
   *
   * @param name as it stands in the names of parameters
   */
  public record Child(String name, Block block) {}

  private ParameterNames() {}

  /**
   * All parameters of a block by name, trainable or not.
   *
   * @throws IllegalArgumentException if two parameters would share a name
   */
  public static Map<String, Parameter> of(Block block) {
    Map<String, Parameter> named = new LinkedHashMap<>();
    collect(block, "", named);
    return named;
  }

  /** The parameters of a block itself, without its children's, by name. */
  public static Map<String, Parameter> own(Block block) {
    Map<String, Parameter> named = new LinkedHashMap<>();
    block
        .getDirectParameters()
        .forEach(
            parameter ->
                named.put(
                    TORCH_NAMES.getOrDefault(parameter.getKey(), parameter.getKey()),
                    parameter.getValue()));
    if (block.getDirectParameters().keys().stream().noneMatch(TORCH_NAMES::containsKey)) {
      return named;
    }
    Map<String, Parameter> ordered = new LinkedHashMap<>();
    named.entrySet().stream()
        .sorted(Comparator.comparing(entry -> TORCH_ORDER.indexOf(entry.getKey())))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  /** Whether a parameter is one that blocks move themselves, as running means are. */
  public static boolean isStatistic(Parameter parameter) {
    return STATISTICS.contains(parameter.getType());
  }

  /** The children of a block with their names, in order. */
  public static List<Child> children(Block block) {
    List<Child> children = new ArrayList<>();
    for (var child : block.getChildren()) {
      String name = childName(child.getKey(), child.getValue(), children.size());
      children.add(new Child(name, child.getValue()));
    }
    return children;
  }

  private static void collect(Block block, String prefix, Map<String, Parameter> named) {
    own(block)
        .forEach(
            (name, parameter) -> {
              if (named.putIfAbsent(prefix + name, parameter) != null) {
                throw new IllegalArgumentException(
                    "two parameters are named '" + prefix + name + "'");
              }
            });
    for (Child child : children(block)) {
      collect(child.block(), prefix + child.name() + ".", named);
    }
  }

  private static String childName(String numbered, Block child, int position) {
    // A child may be called by a number itself, so only DJL's own number goes.
    String number = String.format(Locale.ROOT, "%02d", position + 1);
    String name = numbered.startsWith(number) ? numbered.substring(number.length()) : numbered;
    boolean unnamed =
        name.toLowerCase(Locale.ROOT)
            .equals(child.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    return unnamed ? Integer.toString(position) : name;
  }
}
