package org.djlrunner.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a YAML scalar's content, and whether the content is quoted.
 *
 * <p>Read from the source text, as Jackson reports neither quotes nor anchors of scalars.
 *
 * @param anchor the name behind {@code &}; null without
 * @param quoted whether the content is in quotes or a block ({@code |}, {@code >})
 */
record NodeProperties(@Nullable String anchor, boolean quoted) {

  private static final Pattern PROPERTY = Pattern.compile("([&!])(\\S*)(\\s+|#.*\\n)*");

  /**
   * Reads the properties of the scalar whose first character is the {@code offset}-th code point.
   */
  static NodeProperties at(String text, long offset) {
    int position = text.offsetByCodePoints(0, (int) offset);
    Matcher property = PROPERTY.matcher(text);
    String anchor = null;
    while (property.region(position, text.length()).lookingAt()) {
      if (property.group(1).equals("&")) {
        anchor = property.group(2);
      }
      position = property.end();
    }
    boolean quoted = position < text.length() && "'\"|>".indexOf(text.charAt(position)) >= 0;
    return new NodeProperties(anchor, quoted);
  }
}
