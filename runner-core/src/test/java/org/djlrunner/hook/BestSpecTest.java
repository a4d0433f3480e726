package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BestSpecTest {
  @Test
  @DisplayName("V05 results of a named evaluation go by their full names")
  void named() {
    BestSpec spec = new BestSpec("clean", List.of("acc"), Optional.empty(), BestRule.DEFAULT);
    assertThat(spec.fullName("acc")).isEqualTo("clean/acc");
    assertThat(BestSpec.of("acc").fullName("acc")).isEqualTo("acc");
  }

  @Test
  @DisplayName("V05 what would never decide is refused")
  void refused() {
    assertThatThrownBy(() -> BestSpec.of()).hasMessageContaining("at least one result");
    assertThatThrownBy(() -> BestSpec.of("acc", "acc")).hasMessageContaining("once");
    assertThatThrownBy(() -> BestSpec.of("acc", "psnr")).hasMessageContaining("'psnr'");
    assertThat(
            new BestSpec("", List.of("psnr"), Optional.of(Rule.LESS), BestRule.DEFAULT)
                .ruleOf("psnr"))
        .isEqualTo(Rule.LESS);
  }
}
