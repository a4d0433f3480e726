package org.djlrunner.djl.optim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.spi.ParamGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Factors on learning rate and weight decay by a parameter's name and place: MMCV's {@code
 * paramwise_cfg}.
 *
 * <p>A parameter whose name contains a custom key follows that key alone: the longest one, of
 * equally long ones the first by alphabet. All others follow the rules for biases, normalisation,
 * depth-wise convolutions and offsets. Frozen parameters keep the optimizer's own options, also
 * when they are unfrozen later.
 *
 * @param customKeys factors by a part of the name; names of the network's own parameters are
 *     matched with a dot in front
 * @param biasLrMult on the rate of biases outside normalisation; default 1
 * @param biasDecayMult on the decay of biases outside normalisation and depth-wise convolutions;
 *     default 1
 * @param normDecayMult on the decay of all parameters of normalisation; default 1
 * @param dwconvDecayMult on the decay of all parameters of depth-wise convolutions; default 1
 * @param dcnOffsetLrMult on the rate of the offset convolutions in deformable ones, whose biases
 *     follow no bias rule; default 1
 * @param bypassDuplicate whether a parameter that two modules share stays in the group of the
 *     first; otherwise it is refused; default false
 */
public record ParamwiseRules(
    Map<String, Multipliers> customKeys,
    double biasLrMult,
    double biasDecayMult,
    double normDecayMult,
    double dwconvDecayMult,
    double dcnOffsetLrMult,
    boolean bypassDuplicate) {
  private static final Logger LOG = LoggerFactory.getLogger(ParamwiseRules.class);
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

  /**
   * Factors on a parameter's options.
   *
   * @param lr on the learning rate, 0 or more; 0 holds the parameter still, yet does not freeze it
   * @param decay on the weight decay, 0 or more
   */
  public record Multipliers(double lr, double decay) {
    /** Changes nothing. */
    public static final Multipliers NONE = new Multipliers(1, 1);

    /** Refuses negative factors. */
    public Multipliers {
      OptionRange.atLeastZero("lr_mult", lr);
      OptionRange.atLeastZero("decay_mult", decay);
    }
  }

  /** Refuses negative factors and copies the keys. */
  public ParamwiseRules {
    OptionRange.atLeastZero("bias_lr_mult", biasLrMult);
    OptionRange.atLeastZero("bias_decay_mult", biasDecayMult);
    OptionRange.atLeastZero("norm_decay_mult", normDecayMult);
    OptionRange.atLeastZero("dwconv_decay_mult", dwconvDecayMult);
    OptionRange.atLeastZero("dcn_offset_lr_mult", dcnOffsetLrMult);
    customKeys = Map.copyOf(customKeys);
  }

  /**
   * The groups of a network's parameters: one for each pair of rate and decay, in the order of
   * their first parameters.
   *
   * @param modules all of them in the order of the network, each before its children
   * @param lr the optimizer's learning rate
   * @param weightDecay the optimizer's weight decay
   * @throws IllegalArgumentException if two modules share a parameter and duplicates are not
   *     bypassed
   */
  public List<GroupSpec> groups(List<ModuleDescription> modules, double lr, double weightDecay) {
    Map<String, ModuleKind> kinds = new HashMap<>();
    modules.forEach(module -> kinds.put(module.path(), module.kind()));
    List<String> keys = customKeys.keySet().stream().sorted(LONGEST_FIRST).toList();
    List<String> idle = new ArrayList<>(keys);
    Map<Object, String> known = new HashMap<>();
    Map<Map<String, Double>, List<String>> members = new LinkedHashMap<>();
    for (ModuleDescription module : ModuleVisits.of(modules)) {
      // In PyTorch the network itself has no parent, whatever it is.
      boolean deformable =
          !module.path().isEmpty() && kinds.get(module.parent()) == ModuleKind.DEFORMABLE_CONV2D;
      for (ModuleDescription.Member parameter : module.parameters()) {
        String name = module.fullName(parameter);
        idle.removeIf(module.matchText(parameter)::contains);
        String first = known.putIfAbsent(parameter.identity(), name);
        if (first != null) {
          bypass(name, first);
          continue;
        }
        Multipliers factors = factors(module, parameter, deformable, keys);
        members
            .computeIfAbsent(options(factors, lr, weightDecay), options -> new ArrayList<>())
            .add(name);
      }
    }
    idle.forEach(key -> LOG.warn("custom key '{}' is in no parameter's name", key));
    return members.entrySet().stream()
        .map(group -> GroupSpec.of(label(group.getKey()), group.getValue(), group.getKey()))
        .toList();
  }

  private void bypass(String name, String first) {
    if (!bypassDuplicate) {
      throw new IllegalArgumentException(
          "parameter '"
              + name
              + "' is also '"
              + first
              + "' and can't be in two groups; bypass_duplicate keeps it in the first");
    }
    LOG.warn("parameter '{}' is also '{}' and follows the rules of that name", name, first);
  }

  private Multipliers factors(
      ModuleDescription module,
      ModuleDescription.Member parameter,
      boolean inDeformable,
      List<String> keys) {
    if (!parameter.trainable()) {
      return Multipliers.NONE;
    }
    Optional<String> key = keys.stream().filter(module.matchText(parameter)::contains).findFirst();
    if (key.isPresent()) {
      return customKeys.getOrDefault(key.get(), Multipliers.NONE);
    }
    boolean norm = module.kind() == ModuleKind.NORM;
    boolean depthwise = module.kind() == ModuleKind.DEPTHWISE_CONV2D;
    boolean bias = parameter.bias() && !norm && !inDeformable;
    boolean offset =
        inDeformable
            && module.path().contains("conv_offset")
            && (depthwise || module.kind() == ModuleKind.CONV2D);
    double lr = offset ? dcnOffsetLrMult : bias ? biasLrMult : 1;
    double decay = norm ? normDecayMult : depthwise ? dwconvDecayMult : bias ? biasDecayMult : 1;
    return new Multipliers(lr, decay);
  }

  /** What differs from the optimizer's own options. */
  private static Map<String, Double> options(Multipliers factors, double lr, double weightDecay) {
    Map<String, Double> options = new LinkedHashMap<>();
    if (lr * factors.lr() != lr) {
      options.put(ParamGroup.LR, lr * factors.lr());
    }
    if (weightDecay * factors.decay() != weightDecay) {
      options.put(OptionValues.WEIGHT_DECAY, weightDecay * factors.decay());
    }
    return options;
  }

  private static String label(Map<String, Double> options) {
    if (options.isEmpty()) {
      return "base";
    }
    List<String> parts = new ArrayList<>();
    options.forEach((option, value) -> parts.add(option + "=" + value));
    return String.join(" ", parts);
  }
}
