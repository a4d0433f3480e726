package org.djlrunner.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times peers in turn in one process, a few iterations each, so that a busy neighbour hits all.
 *
 * <p>Arguments: seconds a model, threads, the JSON file to write, then models as {@code
 * label[:batch]}. A peer's number is the median of its iterations' times.
 */
public final class Throughput {
  static final double LR = 0.01;
  private static final int WARM_UP = 3;

  private Throughput() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    double seconds = Double.parseDouble(args[0]);
    int threads = Integer.parseInt(args[1]);
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
    List<String> rows = new ArrayList<>();
    List<String> ratios = new ArrayList<>();
    for (String asked : Arrays.asList(args).subList(3, args.length)) {
      String[] parts = asked.split(":", 2);
      Yardstick model = Yardstick.of(parts[0]);
      int batch = parts.length > 1 ? Integer.parseInt(parts[1]) : model.usualBatch;
      Map<String, Double> medians = measure(model, batch, seconds);
      medians.forEach((name, ms) -> rows.add(row(model, batch, threads, name, ms)));
      ratios.add(
          String.format(
              "ratio %s ours-fp32/easytrain=%s ours-bf16/easytrain=%s runner/step=%s",
              model.label,
              ratio(medians, "EASY_TRAIN", "OUR_RUNNER-fp32"),
              ratio(medians, "EASY_TRAIN", "OUR_RUNNER-bf16"),
              ratio(medians, "OUR_STEP-fp32", "OUR_RUNNER-fp32")));
    }
    write(Path.of(args[2]), rows);
    ratios.forEach(System.out::println);
  }

  private static Map<String, Double> measure(Yardstick model, int batch, double seconds)
      throws Exception {
    Map<String, Contestant> field = new LinkedHashMap<>();
    Map<String, List<Long>> times = new LinkedHashMap<>();
    try {
      for (Peer peer : Peer.values()) {
        for (String precision : peer.ours() ? List.of("fp32", "bf16") : List.of("fp32")) {
          String name = peer.ours() ? peer + "-" + precision : peer.toString();
          try {
            field.put(name, peer.open(new Setting(model, batch, precision, "auto")));
            times.put(name, new ArrayList<>());
          } catch (UnsupportedOperationException e) {
            System.out.printf("%s %s left out: %s%n", model.label, name, e.getMessage());
          }
        }
      }
      long slowest = 1;
      for (Map.Entry<String, Contestant> entry : field.entrySet()) {
        long[] first = new long[WARM_UP];
        entry.getValue().train(first);
        slowest = Math.max(slowest, first[WARM_UP - 1]);
        System.out.printf(
            "%s %s loss after warm-up %.4f%n",
            model.label, entry.getKey(), entry.getValue().loss());
      }
      int turn = (int) Math.max(1, Math.min(50, 200_000_000L / slowest));
      long end = System.nanoTime() + (long) (seconds * 1e9);
      do {
        for (Map.Entry<String, Contestant> entry : field.entrySet()) {
          long[] nanos = new long[turn];
          entry.getValue().train(nanos);
          List<Long> all = times.get(entry.getKey());
          Arrays.stream(nanos).forEach(java.util.Objects.requireNonNull(all)::add);
        }
      } while (System.nanoTime() < end);
    } finally {
      field.values().forEach(Contestant::close);
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach((name, all) -> medians.put(name, median(all)));
    return medians;
  }

  private static double median(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2e6;
  }

  private static String ratio(Map<String, Double> ms, String base, String of) {
    Double above = ms.get(base);
    Double below = ms.get(of);
    return above == null || below == null
        ? "n/a"
        : String.format(Locale.ROOT, "%.3f", above / below);
  }

  private static String row(Yardstick model, int batch, int threads, String peer, double ms) {
    return String.format(
        Locale.ROOT,
        "{\"model\": \"%s\", \"batch\": %d, \"threads\": %d, \"peer\": \"%s\", \"ms\": %.4f,"
            + " \"images_per_s\": %.1f}",
        model.label,
        batch,
        threads,
        peer,
        ms,
        batch * 1000 / ms);
  }

  private static void write(Path file, List<String> rows) throws IOException {
    Files.writeString(file, "[\n" + String.join(",\n", rows) + "\n]\n");
  }
}
