package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Stage;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bar of a training run, and the line of a terminal that it is shown in. */
class ProgressBarTest {
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream out = System.out;
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  @BeforeEach
  void catchOutput() {
    System.setOut(new PrintStream(terminal, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void giveOutputBack() {
    System.setOut(out);
  }

  private static List<String> barOf(long secondsByIteration) {
    List<String> shown = new ArrayList<>();
    AtomicLong seconds = new AtomicLong();
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 2)
            .ticker(() -> seconds.get() * 1_000_000_000L)
            .build();
    runner.registerHook(
        Hook.at(Stage.BEFORE_TRAIN_ITER, context -> seconds.addAndGet(secondsByIteration)));
    runner.registerHook(new ProgressBarHook(shown::add));
    runner.run(
        List.of(FakeLoader.of(3), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    return shown;
  }

  @Test
  @DisplayName("L20 the bar tells epoch, batches and the time left, and is gone at the end")
  void bar() {
    assertThat(barOf(1000))
        .containsExactly(
            "Epoch 1/2 [========                ] 1/3, 1:23:20 left",
            "Epoch 1/2 [================        ] 2/3, 1:06:40 left",
            "Epoch 1/2 [========================] 3/3, 0:50:00 left",
            "Validation [========================] 1/1, 0:50:00 left",
            "Epoch 2/2 [========                ] 1/3, 0:33:20 left",
            "Epoch 2/2 [================        ] 2/3, 0:16:40 left",
            "Epoch 2/2 [========================] 3/3, 0:00:00 left",
            "Validation [========================] 1/1, 0:00:00 left",
            "");
  }

  @Test
  @DisplayName("L20 fast iterations don't flood the terminal; ends of passes are always shown")
  void pauses() {
    assertThat(barOf(0)).hasSize(6).element(1).asString().contains("3/3");
  }

  @Test
  @DisplayName("L20 what is printed stays whole above the bar")
  void above() {
    try (TerminalLine line = TerminalLine.open()) {
      System.out.println("first");
      line.show("bar 1");
      line.show("bar 1");
      System.out.print("Epoch [1]");
      System.out.print("[2/3]\nEpoch");
      line.show("bar 2");
    }
    System.out.print("behind");
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "first"
                + System.lineSeparator()
                + ERASE
                + "bar 1"
                + ERASE
                + "Epoch [1][2/3]\nbar 1"
                + ERASE
                + "bar 2"
                + ERASE
                + "Epochbehind");
  }

  @Test
  @DisplayName("L20 without a terminal there is no bar")
  void noTerminal() {
    // The tests' own output is a pipe or a file, wherever they run.
    assertThat(TerminalLine.isPossible()).isFalse();
  }
}
