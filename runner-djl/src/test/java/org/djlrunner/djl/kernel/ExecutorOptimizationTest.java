package org.djlrunner.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.spi.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D17 a thread's switches are as before once a mode is left")
class ExecutorOptimizationTest {
  private static final String PROPERTY = "ai.djl.pytorch.graph_optimizer";

  private final List<Boolean> set = new ArrayList<>();
  private final ExecutorOptimization optimization = new ExecutorOptimization(set::add);

  @AfterEach
  void clear() {
    System.clearProperty(PROPERTY);
  }

  @Test
  @DisplayName("D17 optimisation comes back with the outermost scope, not before")
  void nested() {
    try (Scope training = optimization.enter()) {
      try (Scope evaluation = optimization.enter()) {
        assertThat(set).containsOnly(false);
      }
      assertThat(set).containsOnly(false);
    }
    assertThat(set).last().isEqualTo(true);
    try (Scope again = optimization.enter()) {
      assertThat(set).last().isEqualTo(false);
    }
    assertThat(set).last().isEqualTo(true);
  }

  @Test
  @DisplayName("D17 it stays off where DJL's property says so")
  void property() {
    System.setProperty(PROPERTY, "false");
    optimization.enter().close();
    assertThat(set).containsOnly(false);
    System.setProperty(PROPERTY, "true");
    optimization.enter().close();
    assertThat(set).last().isEqualTo(true);
  }

  @Test
  @DisplayName("D17 each thread has its own")
  void threads() throws InterruptedException {
    try (Scope here = optimization.enter()) {
      Thread other = new Thread(() -> optimization.enter().close());
      other.start();
      other.join();
      assertThat(set).containsExactly(false, false, true);
    }
    assertThat(set).containsExactly(false, false, true, true);
  }
}
