package org.djlrunner.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An override's value as YAML flow text.
 *
 * @param yaml the text, MMCV's round brackets made square
 * @param hasComma whether a comma stands outside of all quotes and brackets
 */
record FlowText(String yaml, boolean hasComma) {

  private static final Pattern QUOTED =
      Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"\\\\]|\\\\.)*\"", Pattern.DOTALL);

  static FlowText of(String text) {
    return new Scan(text).run();
  }

  /** Brackets and quotes count only where an element starts: {@code don't (yet)} has none. */
  private static final class Scan {

    private final String text;
    private final StringBuilder yaml = new StringBuilder();
    private final Deque<Character> open = new ArrayDeque<>();
    private boolean hasComma;
    private boolean atStart = true;

    Scan(String text) {
      this.text = text;
    }

    FlowText run() {
      Matcher quoted = QUOTED.matcher(text);
      int position = 0;
      while (position < text.length()) {
        if (atStart && quoted.region(position, text.length()).lookingAt()) {
          yaml.append(quoted.group());
          position = quoted.end();
          atStart = false;
        } else {
          next(text.charAt(position));
          position++;
        }
      }
      return new FlowText(yaml.toString(), hasComma);
    }

    private void next(char c) {
      if (atStart && "([{".indexOf(c) >= 0) {
        open.push(c);
        yaml.append(c == '(' ? '[' : c);
      } else if (")]}".indexOf(c) >= 0 && !open.isEmpty()) {
        yaml.append(closing(open.pop(), c));
      } else {
        hasComma |= c == ',' && open.isEmpty();
        yaml.append(c);
      }
      atStart = "([{,:".indexOf(c) >= 0 || (atStart && c == ' ');
    }

    /** Squares a round bracket, and keeps a pair that does not match one that YAML refuses. */
    private static char closing(char opening, char c) {
      if (opening != '(') {
        return c;
      }
      return c == ')' ? ']' : ')';
    }
  }
}
