package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PriorityTest {
  private record Named(String name) implements Hook {}

  @Test
  @DisplayName("H01 an unknown name is refused with the known ones")
  void unknownName() {
    assertThatThrownBy(() -> Priority.named("MEDIUM"))
        .hasMessageContaining("MEDIUM")
        .hasMessageContaining("ABOVE_NORMAL");
  }

  @Test
  @DisplayName("H02 hooks can be removed again")
  void remove() {
    Hooks hooks = new Hooks();
    Hook hook = new Named("a");
    hooks.add(hook, Priority.NORMAL);
    assertThat(hooks.remove(hook)).isTrue();
    assertThat(hooks.remove(hook)).isFalse();
    assertThat(hooks).isEmpty();
  }
}
