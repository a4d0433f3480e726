package org.djlrunner.config;

import java.util.List;

/** Says everything that is wrong with a config, each problem with its place. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String[] problems;

  /**
   * Creates the exception.
   *
   * @param problems one line each, in the order to be shown; at least one
   */
  public ConfigException(List<String> problems) {
    super(message(problems));
    this.problems = problems.toArray(String[]::new);
  }

  /** Returns the problems, one line each. */
  public List<String> problems() {
    return List.of(problems);
  }

  private static String message(List<String> problems) {
    if (problems.size() == 1) {
      return problems.get(0);
    }
    return problems.size() + " problems in the config:\n  - " + String.join("\n  - ", problems);
  }
}
