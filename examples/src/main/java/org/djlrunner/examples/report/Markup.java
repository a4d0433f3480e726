package org.djlrunner.examples.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** HTML or SVG as it grows; whatever comes from a run is escaped. */
final class Markup {
  private final StringBuilder markup = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Text that means itself, in elements and in quoted attributes. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '\n', '\t' -> escaped.append(letter);
        default -> escaped.append(letter < ' ' ? '\uFFFD' : letter);
      }
    }
    return escaped.toString();
  }

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn
   */
  Markup begin(String element, String... attributes) {
    tag(element, attributes);
    open.push(element);
    return this;
  }

  /** Ends the innermost element that was begun. */
  Markup end() {
    markup.append("</").append(open.pop()).append(">");
    return this;
  }

  /** A whole element with nothing but text in it. */
  Markup element(String element, String text, String... attributes) {
    return begin(element, attributes).text(text).end();
  }

  /** An element that is always empty, such as a circle. */
  Markup empty(String element, String... attributes) {
    tag(element, attributes);
    markup.insert(markup.length() - 1, '/');
    return this;
  }

  /** Text, escaped. */
  Markup text(String text) {
    markup.append(escaped(text));
    return this;
  }

  /** What is markup of ours already. */
  Markup raw(String ours) {
    markup.append(ours);
    return this;
  }

  private void tag(String element, String... attributes) {
    markup.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      markup.append(' ').append(attributes[i]).append("=\"");
      markup.append(escaped(attributes[i + 1])).append('"');
    }
    markup.append('>');
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not ended: " + open);
    }
    return markup.toString();
  }
}
