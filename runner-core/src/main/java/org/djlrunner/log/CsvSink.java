package org.djlrunner.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A log as a table: a row a record, flushed as it is written, with a header in the first line.
 *
 * <p>Columns are {@code mode, epoch, iter, step, lr, momentum}, the memory, then a value each; with
 * several optimizers {@code lr_NAME} and {@code momentum_NAME}. A name that was not there before is
 * a new column at the right: the file is then written anew, as a whole. {@code step} is the
 * training iterations behind the row, so it is one axis for training and validation. Numbers keep
 * full precision; NaN and infinities are {@code NaN}, {@code Infinity} and {@code -Infinity}.
 */
public final class CsvSink implements LogSink {
  private final Path file;
  private final Set<String> columns = new LinkedHashSet<>();
  private BufferedWriter writer;

  private CsvSink(Path file, BufferedWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Opens a table, replacing what is there.
   *
   * @throws UncheckedIOException if the file can't be written
   */
  public static CsvSink open(Path file) {
    try {
      return new CsvSink(file, Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log " + file, e);
    }
  }

  @Override
  public void write(LogRecord record) {
    Map<String, String> cells = cells(record);
    try {
      int before = columns.size();
      columns.addAll(cells.keySet());
      if (columns.size() > before) {
        widen(columns.size() - before);
      }
      line(columns.stream().map(column -> cells.getOrDefault(column, "")).toList());
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

  private static Map<String, String> cells(LogRecord record) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("mode", record.mode().name());
    cells.put("epoch", String.valueOf(record.epoch()));
    cells.put("iter", String.valueOf(record.iter()));
    cells.put("step", String.valueOf(record.finishedIters()));
    firstGroups(cells, "lr", record.learningRates());
    firstGroups(cells, "momentum", record.momenta());
    record.memory().forEach((kind, mib) -> cells.put(kind, String.valueOf(mib)));
    record.values().forEach((name, value) -> cells.put(name, String.valueOf(value)));
    return cells;
  }

  private static void firstGroups(
      Map<String, String> cells, String name, Map<String, List<Double>> byOptimizer) {
    byOptimizer.forEach(
        (optimizer, groups) ->
            cells.put(
                byOptimizer.size() == 1 ? name : name + "_" + optimizer,
                String.valueOf(groups.get(0))));
  }

  /** Rows so far get empty cells at the right, in a new file that takes the old one's place. */
  private void widen(int added) throws IOException {
    writer.close();
    List<String> rows = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
    Path wider = file.resolveSibling(file.getFileName() + ".part");
    writer = Files.newBufferedWriter(wider, StandardCharsets.UTF_8);
    line(List.copyOf(columns));
    for (String row : rows.subList(Math.min(1, rows.size()), rows.size())) {
      writer.write(row + ",".repeat(added) + "\n");
    }
    writer.close();
    Files.move(wider, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  private void line(List<String> cells) throws IOException {
    writer.write(cells.stream().map(CsvSink::cell).collect(Collectors.joining(",")) + "\n");
  }

  /** As RFC 4180 has it, but on one line in any case: rows are read back by lines. */
  private static String cell(String text) {
    String line = text.replaceAll("\\R", " ");
    return line.contains(",") || line.contains("\"")
        ? "\"" + line.replace("\"", "\"\"") + "\""
        : line;
  }
}
