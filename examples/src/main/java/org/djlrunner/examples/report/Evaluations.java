package org.djlrunner.examples.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Of each evaluation of a run the last file in its folder. */
final class Evaluations {
  static final String FOLDER = "evaluation";

  private Evaluations() {}

  /**
   * Reads them.
   *
   * @param lastStep where the run's log ends; files behind it are of a run that was taken back. 0
   *     for no log
   * @param notes gets what can't be read, and why
   * @return one for each name, that without a name first
   */
  static List<Evaluation> read(Path workDir, int lastStep, Consumer<String> notes)
      throws IOException {
    Map<String, Evaluation> last = new TreeMap<>();
    Comparator<Evaluation> order =
        Comparator.comparing((Evaluation e) -> lastStep == 0 || e.step() <= lastStep)
            .thenComparing(Evaluation::step);
    for (Path file : FolderFiles.ending(workDir.resolve(FOLDER), ".json")) {
      try {
        Evaluation found = Evaluation.read(file);
        last.merge(found.name(), found, (a, b) -> order.compare(a, b) > 0 ? a : b);
      } catch (JsonProcessingException e) {
        notes.accept(
            FOLDER + "/" + file.getFileName() + " is no JSON (" + e.getOriginalMessage() + ").");
      } catch (IOException e) {
        notes.accept(FOLDER + "/" + file.getFileName() + " can't be used: " + e.getMessage() + ".");
      }
    }
    return List.copyOf(last.values());
  }
}
