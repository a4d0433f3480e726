package org.djlrunner.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times peers in turn in one process, so that a busy neighbour hits all.
 *
 * <p>Its arguments are those of {@link ThroughputOptions}. A peer's number is the median of what
 * its {@link Turn}s gave; one that fails has none.
 */
public final class Throughput {
  static final double LR = 0.01;

  private Throughput() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    ThroughputOptions options = ThroughputOptions.parse(args);
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(options.threads());
    if (options.device().isGpu()) {
      // All shapes stay the same, as in the peer in Python.
      JniUtils.setBenchmarkCuDNN(true);
    }
    List<String> rows = new ArrayList<>();
    List<String> ratios = new ArrayList<>();
    for (String asked : options.models()) {
      String[] parts = asked.split(":", 2);
      Yardstick model = Yardstick.of(parts[0]);
      int batch = parts.length > 1 ? Integer.parseInt(parts[1]) : model.usualBatch;
      Map<String, Double> medians = measure(model, batch, options);
      medians.forEach((name, ms) -> rows.add(row(model, batch, options, name, ms)));
      ratios.add(
          String.format(
              "ratio %s ours-fp32/easytrain=%s ours-bf16/easytrain=%s runner/step=%s",
              model.label,
              ratio(medians, "EASY_TRAIN", "OUR_RUNNER-fp32"),
              ratio(medians, "EASY_TRAIN", "OUR_RUNNER-bf16"),
              ratio(medians, "OUR_STEP-fp32", "OUR_RUNNER-fp32")));
      // After each model, so that a run that is cut short leaves what it had.
      write(options, rows);
    }
    ratios.forEach(System.out::println);
  }

  private static Map<String, Double> measure(
      Yardstick model, int batch, ThroughputOptions options) {
    try (Contest contest = new Contest(model.label, options.device().isGpu(), Throughput::print)) {
      for (Peer peer : options.peers()) {
        for (String precision : peer.ours() ? List.of("fp32", "bf16") : List.of("fp32")) {
          String name = peer.ours() ? peer + "-" + precision : peer.toString();
          Setting setting = new Setting(model, options.device(), batch, precision, "auto");
          contest.enter(name, () -> peer.open(setting));
        }
      }
      return contest.measure(options.seconds());
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static String ratio(Map<String, Double> ms, String base, String of) {
    Double above = ms.get(base);
    Double below = ms.get(of);
    return above == null || below == null
        ? "n/a"
        : String.format(Locale.ROOT, "%.3f", above / below);
  }

  private static String row(
      Yardstick model, int batch, ThroughputOptions options, String peer, double ms) {
    return String.format(
        Locale.ROOT,
        "{\"model\": \"%s\", \"batch\": %d, \"threads\": %d, \"device\": \"%s\", \"peer\": \"%s\","
            + " \"ms\": %.4f, \"images_per_s\": %.1f}",
        model.label,
        batch,
        options.threads(),
        options.device().getDeviceType(),
        peer,
        ms,
        batch * 1000 / ms);
  }

  private static void write(ThroughputOptions options, List<String> rows) throws IOException {
    Path file = options.file().toAbsolutePath();
    Path whole = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(whole, "[\n" + String.join(",\n", rows) + "\n]\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
