package org.djlrunner.djl.optim;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.script.ScriptLayer;

/** The modules of a DJL block tree, as {@link ParamwiseRules} see them. */
public final class BlockModules {
  private BlockModules() {}

  /**
   * All blocks of a tree under PyTorch's names, each before its children.
   *
   * <p>Normalisation is what has a scale or a shift ({@code GAMMA}, {@code BETA}); biases are what
   * is declared as {@code BIAS}, in recurrent layers too; a deformable convolution is known by its
   * class's name, which contains {@code DeformConv2d}.
   *
   * @param block initialised, since a convolution gets to know its input's channels thereby
   */
  public static List<ModuleDescription> of(Block block) {
    List<ModuleDescription> modules = new ArrayList<>();
    describe(block, "", modules);
    return modules;
  }

  private static void describe(Block block, String path, List<ModuleDescription> modules) {
    List<ModuleDescription.Member> members = new ArrayList<>();
    ParameterNames.own(block)
        .forEach(
            (name, parameter) -> {
              if (!ParameterNames.isStatistic(parameter)) {
                boolean bias = parameter.getType() == Parameter.Type.BIAS || name.equals("bias");
                members.add(
                    new ModuleDescription.Member(
                        name, parameter, bias, parameter.requiresGradient()));
              }
            });
    modules.add(new ModuleDescription(path, kind(block), block, members));
    for (ParameterNames.Child child : ParameterNames.children(block)) {
      String childPath = path.isEmpty() ? child.name() : path + "." + child.name();
      describe(child.block(), childPath, modules);
    }
  }

  private static ModuleKind kind(Block block) {
    if (block instanceof ScriptLayer layer) {
      return kind(layer);
    }
    if (block instanceof BatchNorm || block instanceof LayerNorm || scalesAndShifts(block)) {
      return ModuleKind.NORM;
    }
    if (block instanceof Conv2d convolution) {
      // [filters, channels of one group, height, width]
      long channels =
          convolution.getParameters().get("weight").getShape().get(1) * convolution.getGroups();
      return ModuleKind.conv2d(channels, convolution.getGroups());
    }
    return block.getClass().getSimpleName().contains("DeformConv2d")
        ? ModuleKind.DEFORMABLE_CONV2D
        : ModuleKind.OTHER;
  }

  private static ModuleKind kind(ScriptLayer layer) {
    if (layer.isNormalization()) {
      return ModuleKind.NORM;
    }
    if (layer.className().equals("Conv2d")) {
      long channels = layer.constant("in_channels", 0);
      return ModuleKind.conv2d(channels, layer.constant("groups", 1));
    }
    return layer.className().contains("DeformConv2d")
        ? ModuleKind.DEFORMABLE_CONV2D
        : ModuleKind.OTHER;
  }

  private static boolean scalesAndShifts(Block block) {
    return block.getDirectParameters().values().stream()
        .map(Parameter::getType)
        .anyMatch(type -> type == Parameter.Type.GAMMA || type == Parameter.Type.BETA);
  }
}
