package org.djlrunner.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a config, so that a user sees all of it at once.
 *
 * <p>Problems are shown as {@code source:line: path: message}: command-line overrides first, then
 * file by file, by line and then in the order they were found; those without a place come last. Not
 * safe for use by several threads.
 */
public final class ConfigErrors {

  private final List<Problem> problems = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param path the key's path, such as {@code data.train}; empty for the whole file
   * @param at where the culprit was written; null where nothing was written
   * @param message what was seen and what was expected, without a full stop
   */
  public void add(String path, @Nullable Location at, String message) {
    problems.add(new Problem(path, at, message));
  }

  /** Returns whether nothing was found so far. */
  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Returns the problems as a user reads them, sorted. */
  public List<String> messages() {
    List<String> sources = problems.stream().flatMap(Problem::source).distinct().toList();
    return problems.stream()
        .sorted(
            Comparator.comparingInt((Problem problem) -> problem.rank(sources))
                .thenComparingInt(Problem::line))
        .map(Problem::toString)
        .toList();
  }

  /**
   * Ends the collecting.
   *
   * @throws ConfigException if anything was added
   */
  public void throwIfAny() {
    if (!isEmpty()) {
      throw new ConfigException(messages());
    }
  }

  /** Returns whether something is wrong with a key. */
  boolean isAbout(String path) {
    return problems.stream().anyMatch(problem -> problem.path().equals(path));
  }

  /** Returns how many were found so far. */
  int count() {
    return problems.size();
  }

  private record Problem(String path, @Nullable Location at, String message) {

    Stream<String> source() {
      return at == null ? Stream.empty() : Stream.of(at.source());
    }

    int rank(List<String> sources) {
      if (at == null) {
        return sources.size();
      }
      return at.line() == 0 ? -1 : sources.indexOf(at.source());
    }

    int line() {
      return at == null ? 0 : at.line();
    }

    @Override
    public String toString() {
      return (at == null ? "" : at + ": ") + (path.isEmpty() ? "" : path + ": ") + message;
    }
  }
}
