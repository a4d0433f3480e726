package org.djlrunner.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the name that a misspelt one was meant to be.
 *
 * <p>Near is few edits (a character added, dropped, replaced, or two neighbours swapped), whatever
 * the case: at most one for every three characters.
 */
public final class NearNames {

  private NearNames() {}

  /** Returns the nearest of {@code known}, the first of equals; empty when all are too far. */
  public static Optional<String> nearest(String seen, Collection<String> known) {
    Optional<String> best = Optional.empty();
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = edits(seen.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      int allowed = (Math.max(seen.length(), name.length()) + 1) / 3;
      if (edits <= allowed && edits < least) {
        least = edits;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /** Returns {@code , did you mean 'name'?}, or nothing when no name is near. */
  public static String suggestion(String seen, Collection<String> known) {
    return nearest(seen, known).map(name -> ", did you mean '" + name + "'?").orElse("");
  }

  /** Returns the suggestion, if any, followed by all known names. */
  public static String hint(String seen, Collection<String> known) {
    String suggestion = suggestion(seen, known);
    String all = known.isEmpty() ? "none" : String.join(", ", known);
    return suggestion + (suggestion.isEmpty() ? "; known: " : " known: ") + all;
  }

  private static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (swapped(a, b, i, j)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[a.length()][b.length()];
  }

  private static boolean swapped(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
