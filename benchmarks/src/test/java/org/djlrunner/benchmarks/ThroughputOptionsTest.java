package org.djlrunner.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ThroughputOptionsTest {
  @Test
  @DisplayName("options come first, and what isn't said is the CPU and all peers")
  void reads() {
    assertThat(parse("--device cpu --peers our_step,EASY_TRAIN 1.5 2 out.json lenet5:64 resnet50"))
        .isEqualTo(
            new ThroughputOptions(
                Device.cpu(),
                Set.of(Peer.OUR_STEP, Peer.EASY_TRAIN),
                1.5,
                2,
                Path.of("out.json"),
                List.of("lenet5:64", "resnet50")));
    assertThat(parse("1 1 out.json lenet5").peers()).containsExactly(Peer.values());
    assertThat(parse("1 1 out.json lenet5").device()).isEqualTo(Device.cpu());
  }

  @Test
  @DisplayName("what can't be meant is refused with what was seen")
  void refuses() {
    assertThatThrownBy(() -> parse("--peer OUR_STEP 1 1 out.json lenet5"))
        .hasMessageContaining("'--peer'; there are --device and --peers");
    assertThatThrownBy(() -> parse("1 1 out.json")).hasMessageContaining("got [1, 1, out.json]");
    assertThatThrownBy(() -> parse("--device tpu 1 1 out.json lenet5"))
        .hasMessageContaining("unknown device 'tpu'");
  }

  @Test
  @DisplayName("the median of an even number of times is the middle of the two in the middle")
  void median() {
    assertThat(Turn.median(new long[] {9_000_000, 1_000_000, 3_000_000, 2_000_000})).isEqualTo(2.5);
    assertThat(Turn.median(new long[] {7_000_000})).isEqualTo(7);
  }

  private static ThroughputOptions parse(String line) {
    return ThroughputOptions.parse(line.split(" ", -1));
  }
}
