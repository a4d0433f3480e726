package org.djlrunner.djl.data.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names with a range in braces: {@code shard-{000..009}.tar} is ten files. */
public final class ShardPattern {
  private static final Pattern RANGE = Pattern.compile("\\{(\\d{1,9})\\.\\.(\\d{1,9})}");

  /** More files than any data set has: a typing error. */
  private static final int MAX_FILES = 1_000_000;

  private ShardPattern() {}

  /**
   * All the names, in order; a name without braces is itself. Numbers are as long as the first of
   * the range.
   *
   * @throws IllegalArgumentException if a range runs backwards, is huge, or a brace begins no range
   */
  public static List<String> expand(String pattern) {
    Matcher range = RANGE.matcher(pattern);
    if (!range.find()) {
      if (pattern.indexOf('{') >= 0 || pattern.indexOf('}') >= 0) {
        throw new IllegalArgumentException(
            "expected a range such as {000..009} in braces, got '" + pattern + "'");
      }
      return List.of(pattern);
    }
    int first = Integer.parseInt(range.group(1));
    int last = Integer.parseInt(range.group(2));
    if (last < first || last - first >= MAX_FILES) {
      throw new IllegalArgumentException(
          String.format("the range %s is no range of 1 to %d files", range.group(), MAX_FILES));
    }
    String format = "%0" + range.group(1).length() + "d";
    String before = pattern.substring(0, range.start());
    List<String> names = new ArrayList<>();
    for (String after : expand(pattern.substring(range.end()))) {
      for (int i = first; i <= last; i++) {
        names.add(before + String.format(format, i) + after);
      }
    }
    return names;
  }
}
