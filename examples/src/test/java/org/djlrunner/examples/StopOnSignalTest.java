package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What signals do to a run; {@code KilledRunTest} sends real ones to a process. */
class StopOnSignalTest {
  private final List<String> asked = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final List<Integer> halted = new ArrayList<>();
  private final StopOnSignal stop = new StopOnSignal(asked::add, said::add, halted::add);

  @Test
  @DisplayName("X10 the first signal asks the run to stop, says so, and gives the exit code")
  void first() {
    assertThat(stop.exitCode()).isEmpty();
    stop.receive("TERM", 15);
    assertThat(asked).containsExactly("SIGTERM");
    assertThat(said)
        .containsExactly("SIGTERM: stopping after this iteration; a second one ends at once");
    assertThat(stop.exitCode()).hasValue(143);
    assertThat(halted).isEmpty();
  }

  @Test
  @DisplayName("X10 the second signal ends the process at once")
  void second() {
    stop.receive("INT", 2);
    stop.receive("TERM", 15);
    assertThat(asked).containsExactly("SIGINT");
    assertThat(halted).containsExactly(143);
    assertThat(stop.exitCode()).hasValue(130);
  }
}
