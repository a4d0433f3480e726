package org.djlrunner.djl.kernel;

import java.util.List;

/** Reads the messages of libtorch, which hold call stacks of their own. */
public final class LibtorchError {
  private LibtorchError() {}

  /** The one line that says what went wrong; TorchScript puts it last, C++ first. */
  public static String reason(Throwable error) {
    String message = String.valueOf(error.getMessage());
    List<String> lines = message.lines().filter(line -> line.contains("Error: ")).toList();
    return lines.isEmpty()
        ? message.lines().findFirst().orElse(error.toString())
        : lines.get(lines.size() - 1);
  }
}
