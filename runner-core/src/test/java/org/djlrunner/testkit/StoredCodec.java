package org.djlrunner.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.WeightLoading;

/**
 * A codec whose files hold meta data as a line of JSON, what was captured, and an end that tells
 * whole files from cut ones; how writing goes can be told from outside.
 */
public final class StoredCodec implements CheckpointCodec {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String END = "end";

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private volatile OnWrite onWrite = file -> {};

  /** What happens while a file is half written. */
  @FunctionalInterface
  public interface OnWrite {
    /** May wait or fail. */
    void halfWritten(Path file) throws IOException;
  }

  /** Sets what happens while a file is half written. */
  public StoredCodec onWrite(OnWrite action) {
    onWrite = action;
    return this;
  }

  /** Captures not yet closed. */
  public int open() {
    return open.get();
  }

  /** The most captures that were open at one time. */
  public int mostOpen() {
    return mostOpen.get();
  }

  /** The content of a whole file, as a codec of the same run would write it. */
  public static String content(Map<String, ?> meta, String captured) throws IOException {
    return JSON.writeValueAsString(meta) + "\n" + captured + "\n" + END;
  }

  /** The names of the optimizers whose states a file holds. */
  public static String optimizersIn(Path file) throws IOException {
    return Files.readAllLines(file).get(1);
  }

  @Override
  public String extension() {
    return "ckpt";
  }

  @Override
  public Capture capture(Map<String, Optimizer> optimizers) {
    String captured = new TreeSet<>(optimizers.keySet()).toString();
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    return new Capture() {
      private boolean closed;

      @Override
      public void write(Path file, Map<String, ?> meta) throws IOException {
        if (closed) {
          throw new IllegalStateException("written after it was closed");
        }
        String whole = content(meta, captured);
        Files.writeString(file, whole.substring(0, whole.length() / 2));
        onWrite.halfWritten(file);
        Files.writeString(file, whole);
      }

      @Override
      public void close() {
        closed = true;
        open.decrementAndGet();
      }
    };
  }

  @Override
  public Map<String, Object> readMeta(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    try {
      return JSON.readValue(
          lines.isEmpty() ? "" : lines.get(0), new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException e) {
      throw new IOException(file + " has no meta data", e);
    }
  }

  @Override
  public void verify(Path file) throws IOException {
    if (!Files.readString(file).endsWith("\n" + END)) {
      throw new IOException(file + " is cut off");
    }
  }

  @Override
  public List<String> loadWeights(Path file, WeightLoading loading) throws IOException {
    verify(file);
    return List.of();
  }

  @Override
  public List<String> restore(Path file, Map<String, Optimizer> optimizers, boolean hyperparameters)
      throws IOException {
    verify(file);
    return List.of();
  }
}
