package org.djlrunner.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log for machines: one JSON object a record and line, flushed as it is written.
 *
 * <p>Keys are MMCV's: {@code mode, epoch, iter, lr}, the memory, then the values; validation has
 * {@code step} besides, the training iterations behind it, because its {@code iter} counts its own
 * batches. Numbers keep full precision; a value that is not finite becomes the text {@code NaN},
 * {@code Infinity} or {@code -Infinity}, which JSON has no numbers for.
 */
public final class JsonLinesSink implements LogSink {
  private static final Logger LOG = LoggerFactory.getLogger(JsonLinesSink.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final BufferedWriter writer;

  private JsonLinesSink(BufferedWriter writer) {
    this.writer = writer;
  }

  /**
   * Opens a log, replacing what is there.
   *
   * @throws UncheckedIOException if the file can't be written
   */
  public static JsonLinesSink open(Path file) {
    try {
      return new JsonLinesSink(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log " + file, e);
    }
  }

  /**
   * Writes what describes the run, as MMCV's first line does; what is no JSON is left out with a
   * warning.
   *
   * @param meta JSON-like data
   */
  public JsonLinesSink describing(Map<String, ? extends @Nullable Object> meta) {
    try {
      line(JSON.writeValueAsString(meta));
    } catch (JsonProcessingException e) {
      LOG.warn("the JSON log goes without the run's meta data: {}", e.getOriginalMessage());
    }
    return this;
  }

  @Override
  public void write(LogRecord record) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("mode", record.mode().name());
    line.put("epoch", record.epoch());
    line.put("iter", record.iter());
    if (!record.mode().equals(Mode.TRAIN)) {
      line.put("step", record.finishedIters());
    }
    line.put("lr", learningRate(record.learningRates()));
    line.putAll(record.memory());
    line.putAll(record.values());
    try {
      line(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a log record is no JSON", e);
    }
  }

  private void line(String json) {
    try {
      writer.write(json);
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As MMCV: the first group's rate, or that by optimizer where there are several. */
  private static Object learningRate(Map<String, List<Double>> rates) {
    if (rates.size() == 1) {
      return rates.values().iterator().next().get(0);
    }
    Map<String, Double> firsts = new LinkedHashMap<>();
    rates.forEach((optimizer, groups) -> firsts.put(optimizer, groups.get(0)));
    return firsts;
  }
}
