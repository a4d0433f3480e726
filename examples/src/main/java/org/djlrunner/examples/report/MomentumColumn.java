package org.djlrunner.examples.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Momenta from a CSV log: JSON logs have none, as MMCV's. */
final class MomentumColumn {
  private static final String MOMENTUM = "momentum";

  private MomentumColumn() {}

  /**
   * Training's records with nothing but {@code momentum}, or {@code OPTIMIZER/momentum} where there
   * are several; rows that are damaged are left out.
   *
   * @throws IOException if the file can't be read
   */
  static List<RunRecord> read(Path file) throws IOException {
    List<RunRecord> records = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      String header = reader.readLine();
      List<String> columns = header == null ? List.of() : List.of(header.split(",", -1));
      for (String row = reader.readLine(); row != null; row = reader.readLine()) {
        record(columns, row.split(",", -1), records);
      }
    }
    return records;
  }

  private static void record(List<String> columns, String[] cells, List<RunRecord> records) {
    Map<String, String> row = new HashMap<>();
    Map<String, Double> momenta = new LinkedHashMap<>();
    try {
      for (int i = 0; i < Math.min(cells.length, columns.size()); i++) {
        String column = columns.get(i);
        row.put(column, cells[i]);
        if (!cells[i].isEmpty() && column.equals(MOMENTUM)) {
          momenta.put(MOMENTUM, Double.valueOf(cells[i]));
        } else if (!cells[i].isEmpty() && column.startsWith(MOMENTUM + "_")) {
          String optimizer = column.substring(MOMENTUM.length() + 1);
          momenta.put(optimizer + "/" + MOMENTUM, Double.valueOf(cells[i]));
        }
      }
      if (LogLine.TRAIN.equals(row.get("mode")) && !momenta.isEmpty()) {
        records.add(
            new RunRecord(
                LogLine.TRAIN,
                Integer.parseInt(row.getOrDefault("epoch", "")),
                Integer.parseInt(row.getOrDefault("step", "")),
                momenta));
      }
    } catch (NumberFormatException e) {
      // A row that was cut short, or one of another program: left out.
    }
  }
}
