package org.djlrunner.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.checkpoint.KeptFile;

/**
 * What a run left in its work folder, as far as it can be used.
 *
 * @param folder the folder
 * @param logFiles the names of its JSON logs, in order
 * @param records what the logs say, of a run that was gone on with as one
 * @param momenta training's momenta, from JSON or CSV logs
 * @param best the best value of each result
 * @param evaluations the last one of each name
 * @param config the config's text, empty if there is none
 * @param facts what else is known: environment, seed, device, speed
 * @param notes sentences about what is missing, damaged or dropped
 */
record WorkFolder(
    Path folder,
    List<String> logFiles,
    List<RunRecord> records,
    List<RunRecord> momenta,
    List<BestRow> best,
    List<Evaluation> evaluations,
    Optional<ConfigText> config,
    Map<String, String> facts,
    List<String> notes) {

  /**
   * Reads a folder.
   *
   * @throws ReportException if there is no such folder or nothing in it that a report could show
   */
  static WorkFolder read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ReportException(
          Files.exists(folder)
              ? folder + " is a file; expected a run's work folder"
              : folder + ": there is no such folder; expected a run's work folder");
    }
    try {
      return readExisting(folder);
    } catch (IOException e) {
      throw new ReportException(folder + " can't be read: " + e);
    }
  }

  private static WorkFolder readExisting(Path folder) throws IOException {
    List<String> notes = new ArrayList<>();
    List<KeptFile> kept = keptFiles(folder, notes);
    List<LogFile> logs = logs(folder, notes);
    RunLog log = RunLog.of(logs, kept);
    notes.addAll(log.notes());
    List<Evaluation> evaluations = Evaluations.read(folder, log.lastStep(), notes::add);
    if (log.records().isEmpty() && evaluations.isEmpty()) {
      throw new ReportException(nothingIn(folder, notes));
    }
    if (log.records().isEmpty()) {
      notes.add(
          "There are no curves and no best values: no *"
              + LogFile.ENDING
              + " with records is in the folder (log_config: {hooks: [{type: JsonLoggerHook}]}).");
    }
    List<RunRecord> momenta = momenta(folder, log, notes);
    Map<String, Object> meta = meta(logs);
    Optional<ConfigText> config = ConfigText.find(folder, meta);
    if (config.isEmpty()) {
      notes.add("There is no config: neither a YAML file in the folder nor one in the log.");
    }
    Map<String, String> facts = Facts.of(meta.isEmpty() ? Facts.ofCheckpoint(folder) : meta);
    if (facts.isEmpty()) {
      notes.add(
          "Environment and seed are unknown: no log begins with them, and no checkpoint says.");
    }
    if (evaluations.isEmpty()) {
      notes.add(
          "There is no table of classes: evaluation/*.json is not there. An evaluation that is asked"
              + " for precision, recall, f1_score or confusion_matrix writes it.");
    }
    List<BestRow> best = BestTable.of(log.records(), kept, names(folder));
    return new WorkFolder(
        folder,
        logs.stream().map(LogFile::name).toList(),
        log.records(),
        momenta,
        best,
        evaluations,
        config,
        facts,
        List.copyOf(notes));
  }

  /** The folder's own name. */
  String name() {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    return last == null ? folder.toString() : last.toString();
  }

  private static List<KeptFile> keptFiles(Path folder, List<String> notes) {
    try {
      return new CheckpointIndex(folder).read();
    } catch (IOException e) {
      notes.add(
          CheckpointIndex.FILE
              + " can't be read, so checkpoints go by their names ("
              + (e.getCause() == null ? e : "it is no list of checkpoints")
              + ").");
      return List.of();
    }
  }

  private static List<LogFile> logs(Path folder, List<String> notes) throws IOException {
    List<LogFile> logs = new ArrayList<>();
    for (Path file : FolderFiles.ending(folder, LogFile.ENDING)) {
      try {
        logs.add(LogFile.read(file));
      } catch (IOException e) {
        notes.add(file.getFileName() + " can't be read: " + e + ".");
      }
    }
    return logs;
  }

  private static List<RunRecord> momenta(Path folder, RunLog log, List<String> notes)
      throws IOException {
    List<RunRecord> logged =
        log.records().stream()
            .filter(RunRecord::isTrain)
            .filter(
                record ->
                    record.values().keySet().stream()
                        .anyMatch(name -> ResultNames.plain(name).equals("momentum")))
            .toList();
    if (!logged.isEmpty() || log.records().isEmpty()) {
      return logged;
    }
    List<List<RunRecord>> tables = new ArrayList<>();
    for (Path file : FolderFiles.ending(folder, ".csv")) {
      tables.add(MomentumColumn.read(file));
    }
    List<RunRecord> joined = RunLog.joined(tables);
    if (joined.isEmpty()) {
      notes.add(
          "There is no curve of the momentum: JSON logs don't hold it, and no CSV log is in the"
              + " folder (log_config: {hooks: [{type: CsvLoggerHook}]}).");
    }
    return joined;
  }

  /** Of the last log that has any. */
  private static Map<String, Object> meta(List<LogFile> logs) {
    Map<String, Object> meta = Map.of();
    for (LogFile log : logs) {
      meta = log.meta().isEmpty() ? meta : log.meta();
    }
    return meta;
  }

  private static List<String> names(Path folder) throws IOException {
    return FolderFiles.ending(folder, "").stream()
        .map(file -> file.getFileName().toString())
        .toList();
  }

  private static String nothingIn(Path folder, List<String> notes) throws IOException {
    StringBuilder message =
        new StringBuilder(folder.toString())
            .append(": nothing to report; looked for records in *")
            .append(LogFile.ENDING)
            .append(" and for evaluation/*.json");
    notes.forEach(note -> message.append("\n  ").append(note));
    try (Stream<Path> inside = Files.list(folder)) {
      List<String> runs = new ArrayList<>();
      for (Path each : inside.filter(Files::isDirectory).sorted().toList()) {
        if (!FolderFiles.ending(each, LogFile.ENDING).isEmpty()) {
          runs.add(each.toString());
        }
      }
      if (!runs.isEmpty()) {
        message.append("\n  did you mean: ").append(String.join(" ", runs));
      }
    }
    return message.toString();
  }
}
