package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which parameters lie below the beginnings of names. */
class ParameterPrefixesTest {
  /** Two blocks with the same layer in them, and one with a layer of its own. */
  private static List<ModuleDescription> modules() {
    Linear shared = Linear.builder().setUnits(10).build();
    return BlockModules.of(
        new SequentialBlock()
            .add(new SequentialBlock().add(shared))
            .add(new SequentialBlock().add(shared))
            .add(new SequentialBlock().add(Linear.builder().setUnits(10).build())));
  }

  private static List<String> names(String... prefixes) {
    return List.copyOf(new ParameterPrefixes(List.of(prefixes)).parameters(modules()).keySet());
  }

  @Test
  @DisplayName("X11 prefixes are whole parts of names")
  void wholeParts() {
    assertThat(names("2")).containsExactly("2.0.weight", "2.0.bias");
    assertThat(names("2.0", "2.0.weight")).containsExactly("2.0.weight", "2.0.bias");
    assertThat(names("2.0.bias")).containsExactly("2.0.bias");
    assertThat(names("2.0.", "2.0.b", "2.", "weight")).isEmpty();
    assertThatThrownBy(() -> new ParameterPrefixes(List.of("0", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beginnings");
  }

  @Test
  @DisplayName("X11 a shared parameter belongs to each of its names, under the first of them")
  void shared() {
    assertThat(names("0")).containsExactly("0.0.weight", "0.0.bias");
    assertThat(names("1")).containsExactly("0.0.weight", "0.0.bias");
  }

  @Test
  @DisplayName("X11 a part's modules keep their places, with the part's parameters alone")
  void modulesOfAPart() {
    List<ModuleDescription> part = new ParameterPrefixes(List.of("2")).modules(modules());
    assertThat(part)
        .extracting(ModuleDescription::path)
        .containsExactlyElementsOf(modules().stream().map(ModuleDescription::path).toList());
    assertThat(part)
        .filteredOn(module -> !module.parameters().isEmpty())
        .extracting(ModuleDescription::path)
        .containsExactly("2.0");
  }
}
