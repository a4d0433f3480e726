package org.djlrunner.examples.report;

import java.util.List;

/** What runs are called beside each other. */
final class RunNames {
  private RunNames() {}

  /** Their folders' names, or whole paths where a name is not one run's alone. */
  static List<String> of(List<WorkFolder> runs) {
    List<String> names = runs.stream().map(WorkFolder::name).toList();
    return runs.stream()
        .map(
            run ->
                names.stream().filter(run.name()::equals).count() > 1
                    ? run.folder().toString()
                    : run.name())
        .toList();
  }
}
