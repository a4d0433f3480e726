package org.djlrunner.djl.optim;

import java.util.List;

/**
 * A module of a network, as {@link ParamwiseRules} see it.
 *
 * @param path its place in the network, such as {@code backbone.stem}; "" for the network itself
 * @param kind what it is
 * @param identity equal for two descriptions of the same module
 * @param parameters its own, without those of its children and without statistics
 */
public record ModuleDescription(
    String path, ModuleKind kind, Object identity, List<Member> parameters) {
  /**
   * A parameter of a module.
   *
   * @param name within the module, such as {@code weight}
   * @param identity equal for two descriptions of the same parameter
   * @param bias whether it is added to what the module computes
   * @param trainable whether it is not frozen
   */
  public record Member(String name, Object identity, boolean bias, boolean trainable) {}

  /** Copies the parameters. */
  public ModuleDescription {
    parameters = List.copyOf(parameters);
  }

  /** The path of the module that this one is a child of; "" if that is the network. */
  String parent() {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  /** A parameter's name in the network. */
  public String fullName(Member parameter) {
    return path.isEmpty() ? parameter.name() : path + "." + parameter.name();
  }

  /** What custom keys are looked for in: as MMCV has it, a dot leads the network's own names. */
  String matchText(Member parameter) {
    return path + "." + parameter.name();
  }
}
