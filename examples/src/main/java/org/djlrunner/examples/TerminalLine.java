package org.djlrunner.examples;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line that stays at the bottom of a terminal while others are printed above it.
 *
 * <p>As long as it is open it stands in the place of {@link System#out}: what is printed there goes
 * up line by line, whole. A line without its end waits until the end comes or this is closed.
 */
final class TerminalLine implements AutoCloseable {
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream terminal;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private String shown = "";
  private boolean closed;

  private TerminalLine(PrintStream terminal) {
    this.terminal = terminal;
  }

  /** Takes the place of {@link System#out}. */
  static TerminalLine open() {
    TerminalLine line = new TerminalLine(System.out);
    System.setOut(new PrintStream(line.new Above(), true, Charset.defaultCharset()));
    return line;
  }

  /** Whether standard output is a terminal that can erase a line. */
  static boolean isPossible() {
    return isTerminal(System.console()) && !"dumb".equals(System.getenv("TERM"));
  }

  /** From Java 22 on there is a console without a terminal, too, and it tells. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return Objects.equals(true, Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Shows a text in place of the last one; one that is longer than the line would leave traces. */
  synchronized void show(String text) {
    if (!closed && !text.equals(shown)) {
      shown = text;
      terminal.print(ERASE + text);
      terminal.flush();
    }
  }

  /** Erases the line and gives {@link System#out} back. */
  @Override
  public synchronized void close() {
    closed = true;
    System.setOut(terminal);
    terminal.print(shown.isEmpty() ? "" : ERASE);
    shown = "";
    terminal.write(begun.toByteArray(), 0, begun.size());
    begun.reset();
    terminal.flush();
  }

  private synchronized void print(byte[] bytes, int from, int length) {
    begun.write(bytes, from, length);
    byte[] all = begun.toByteArray();
    int whole = all.length;
    while (!closed && whole > 0 && all[whole - 1] != '\n') {
      whole--;
    }
    if (whole > 0) {
      terminal.print(shown.isEmpty() ? "" : ERASE);
      terminal.write(all, 0, whole);
      terminal.print(shown);
      terminal.flush();
      begun.reset();
      begun.write(all, whole, all.length - whole);
    }
  }

  /** What is printed, on its way up. */
  private final class Above extends OutputStream {
    @Override
    public void write(int b) {
      print(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      print(bytes, from, length);
    }
  }
}
