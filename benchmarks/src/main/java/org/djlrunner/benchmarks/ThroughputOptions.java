package org.djlrunner.benchmarks;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.djlrunner.djl.experiment.DeviceChoice;

/**
 * What {@link Throughput} was asked for.
 *
 * @param device where all peers train
 * @param peers who takes part
 * @param seconds of measuring for each model
 * @param threads of libtorch on the host
 * @param file receives the rows
 * @param models as {@code label[:batch]}
 */
record ThroughputOptions(
    Device device, Set<Peer> peers, double seconds, int threads, Path file, List<String> models) {

  /**
   * Reads a command line: {@code [--device cpu|gpu] [--peers NAME,...] SECONDS THREADS FILE
   * MODEL...}.
   *
   * @throws IllegalArgumentException if it isn't one, or there is no such device
   */
  static ThroughputOptions parse(String[] args) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
    String device = "cpu";
    Set<Peer> peers = EnumSet.allOf(Peer.class);
    while (!left.isEmpty() && left.element().startsWith("--")) {
      String option = left.remove();
      String value = Objects.requireNonNull(left.poll(), option + " needs a value");
      switch (option) {
        case "--device" -> device = value;
        case "--peers" -> {
          peers.clear();
          for (String name : value.split(",", -1)) {
            peers.add(Peer.valueOf(name.toUpperCase(Locale.ROOT)));
          }
        }
        default ->
            throw new IllegalArgumentException(
                "unknown option '" + option + "'; there are --device and --peers");
      }
    }
    if (left.size() < 4) {
      throw new IllegalArgumentException("expected SECONDS THREADS FILE MODEL..., got " + left);
    }
    return new ThroughputOptions(
        DeviceChoice.of(device).device(),
        peers,
        Double.parseDouble(left.remove()),
        Integer.parseInt(left.remove()),
        Path.of(left.remove()),
        List.copyOf(left));
  }
}
