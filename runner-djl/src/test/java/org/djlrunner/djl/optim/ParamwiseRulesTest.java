package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.djlrunner.djl.optim.ModuleDescription.Member;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules that no recorded model shows. */
class ParamwiseRulesTest {
  @Test
  @DisplayName("P01 offsets of deformable convolutions have a rate of their own, also for biases")
  void offsets() {
    ParamwiseRules rules = new ParamwiseRules(Map.of(), 2, 0, 1, 1, 0.1, false);

    List<GroupSpec> groups =
        rules.groups(
            List.of(
                module("", ModuleKind.OTHER),
                module("dcn", ModuleKind.DEFORMABLE_CONV2D),
                module("dcn.conv_offset", ModuleKind.CONV2D),
                module("dcn.gate", ModuleKind.OTHER),
                module("conv_offset", ModuleKind.CONV2D)),
            1,
            0.5);

    // The deformable convolution's own bias is a bias as any other.
    assertThat(options(groups, "dcn.weight")).isEmpty();
    assertThat(options(groups, "dcn.bias")).isEqualTo(Map.of("lr", 2.0, "weight_decay", 0.0));
    assertThat(options(groups, "dcn.conv_offset.weight")).isEqualTo(Map.of("lr", 0.1));
    assertThat(options(groups, "dcn.conv_offset.bias")).isEqualTo(Map.of("lr", 0.1));
    assertThat(options(groups, "dcn.gate.bias")).isEmpty();
    assertThat(options(groups, "conv_offset.weight")).isEmpty();
  }

  @Test
  @DisplayName("P04 negative factors are refused")
  void negative() {
    assertThatThrownBy(() -> new ParamwiseRules(Map.of(), 1, 1, -0.5, 1, 1, false))
        .hasMessageContaining("norm_decay_mult must be 0 or more, got -0.5");
    assertThatThrownBy(() -> new ParamwiseRules.Multipliers(-1, 1))
        .hasMessageContaining("lr_mult must be 0 or more, got -1");
  }

  private static ModuleDescription module(String path, ModuleKind kind) {
    List<Member> members =
        path.isEmpty()
            ? List.of()
            : List.of(
                new Member("weight", path + " weight", false, true),
                new Member("bias", path + " bias", true, true));
    return new ModuleDescription(path, kind, path, members);
  }

  private static Map<String, Double> options(List<GroupSpec> groups, String parameter) {
    List<GroupSpec> own = groups.stream().filter(g -> g.members().test(parameter)).toList();
    assertThat(own).hasSize(1);
    return own.get(0).options();
  }
}
