package org.djlrunner.benchmarks;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.djl.checkpoint.Safetensors;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.djlrunner.djl.checkpoint.SafetensorsReader;

/**
 * Megabytes per second of a checkpoint of 200 MB: written and flushed as a run does, verified,
 * read; against the same bytes in a plain file.
 *
 * <p>The file has 50 float32 tensors of 4 MB and 100 of 256 numbers. Reading opens the file and
 * copies every tensor to one buffer, as loading to a device would; it comes from the page cache,
 * right behind its writing. Medians of rounds in which all take turns.
 *
 * <pre>
 *   ./benchmarks/run --main org.djlrunner.benchmarks.CheckpointSpeed FOLDER [ROUNDS]
 * </pre>
 *
 * <p>The disk under FOLDER decides {@code write}; read it beside {@code plain}, which is its limit.
 */
public final class CheckpointSpeed {
  private static final int LARGE = 50;
  private static final int LARGE_BYTES = 4_000_000;
  private static final int SMALL = 100;
  private static final int SMALL_BYTES = 1_024;
  private static final int ROUNDS = 7;

  private CheckpointSpeed() {}

  /** One measured piece of work. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Measures in the folder named by the first argument. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("usage: CheckpointSpeed FOLDER [ROUNDS]");
      System.exit(2);
    }
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "checkpoint-speed");
    Path file = folder.resolve("speed.safetensors");
    Path plain = folder.resolve("plain");
    Map<String, Tensor> tensors = tensors();
    CheckpointStore store = new CheckpointStore(folder);
    ByteBuffer target = ByteBuffer.allocateDirect(LARGE_BYTES);
    Map<String, Work> works = new LinkedHashMap<>();
    works.put("plain", () -> plain(plain, tensors));
    works.put(
        "write",
        () -> store.save("speed.safetensors", path -> Safetensors.write(path, tensors, Map.of())));
    works.put("verify", () -> SafetensorsReader.verify(file));
    works.put("read", () -> read(file, target));
    works.put("crc32c", () -> checksum(tensors));
    try {
      measure(rounds, works);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(plain);
      Files.deleteIfExists(folder.resolve(CheckpointStore.LATEST));
      Files.delete(folder);
    }
  }

  /**
   * All take turns, so that what disturbs the machine disturbs all alike; the first round warms.
   */
  private static void measure(int rounds, Map<String, Work> works) throws IOException {
    Map<String, double[]> millis = new LinkedHashMap<>();
    for (int i = -1; i < rounds; i++) {
      for (Map.Entry<String, Work> work : works.entrySet()) {
        long start = System.nanoTime();
        work.getValue().run();
        double took = (System.nanoTime() - start) / 1e6;
        if (i >= 0) {
          millis.computeIfAbsent(work.getKey(), name -> new double[rounds])[i] = took;
        }
      }
    }
    double megabytes = (LARGE * (double) LARGE_BYTES + SMALL * (double) SMALL_BYTES) / 1e6;
    millis.forEach(
        (what, took) -> {
          Arrays.sort(took);
          double median = took[rounds / 2];
          System.out.printf(
              "%-7s %7.1f ms (%.1f to %.1f)  %6.0f MB/s%n",
              what, median, took[0], took[rounds - 1], megabytes / median * 1e3);
        });
  }

  private static void read(Path file, ByteBuffer target) throws IOException {
    for (Tensor tensor : SafetensorsReader.open(file).tensors().values()) {
      target.clear().put(tensor.data());
    }
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Random random = new Random(1);
    for (int i = 0; i < LARGE + SMALL; i++) {
      // Noise: some disks compress.
      byte[] noise = new byte[i < LARGE ? LARGE_BYTES : SMALL_BYTES];
      random.nextBytes(noise);
      ByteBuffer data = ByteBuffer.allocateDirect(noise.length).put(noise).flip();
      tensors.put("t" + i, new Tensor(DataType.FLOAT32, new Shape(noise.length / 4), data));
    }
    return tensors;
  }

  /** The limit: the data alone, in large pieces, to a new file that is flushed. */
  private static void plain(Path file, Map<String, Tensor> tensors) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (Tensor tensor : tensors.values()) {
        ByteBuffer data = tensor.data().duplicate();
        while (data.hasRemaining()) {
          channel.write(data);
        }
      }
      channel.force(true);
    }
  }

  private static void checksum(Map<String, Tensor> tensors) {
    CRC32C crc = new CRC32C();
    tensors.values().forEach(tensor -> crc.update(tensor.data().duplicate()));
    if (crc.getValue() == 0) {
      throw new IllegalStateException("noise has a checksum of 0");
    }
  }
}
