package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a signal does to a run; the signal itself needs a process of its own. */
class StopAtShutdownTest {
  @Test
  @DisplayName("X10 a process that is told to end asks the run to stop and waits for its end")
  void asksAndWaits() throws InterruptedException {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    StopAtShutdown stop = new StopAtShutdown(asked::add, 60);
    Thread shutdown = new Thread(() -> stop.stopAndWait(asked::add, 60));
    shutdown.start();
    while (asked.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(shutdown.isAlive()).isTrue();
    stop.close();
    shutdown.join();
    assertThat(asked).containsExactly("the process was told to end");
  }

  @Test
  @DisplayName("X10 a run that doesn't stop is not waited for longer than the grace")
  void grace() {
    List<String> asked = new ArrayList<>();
    try (StopAtShutdown stop = new StopAtShutdown(asked::add, 60)) {
      stop.stopAndWait(asked::add, 0);
    }
    assertThat(asked).hasSize(1);
  }
}
