package org.djlrunner.djl.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says in what two lists of classes differ. */
public final class ClassDifference {
  private static final int SHOWN = 10;

  private ClassDifference() {}

  /**
   * The classes that only one of them has, or where their orders part.
   *
   * <p>Names that are the numbers from 0 are no names: then only how many there are counts, so that
   * a list of files with numbers goes with folders that have names.
   *
   * @param one the list that counts
   * @param other the list compared with it
   * @return what is to be said of the other, empty if they are the same
   */
  public static Optional<String> between(List<String> one, List<String> other) {
    if (one.equals(other)) {
      return Optional.empty();
    }
    if (isNumbered(one) || isNumbered(other)) {
      return one.size() == other.size()
          ? Optional.empty()
          : Optional.of(String.format("there are %d instead of %d", other.size(), one.size()));
    }
    List<String> missing = one.stream().filter(name -> !other.contains(name)).toList();
    List<String> added = other.stream().filter(name -> !one.contains(name)).toList();
    if (missing.isEmpty() && added.isEmpty()) {
      return Optional.of(order(one, other));
    }
    String lacks = missing.isEmpty() ? "" : "it lacks " + shown(missing);
    String has = added.isEmpty() ? "" : "it has " + shown(added) + " more";
    return Optional.of(lacks + (lacks.isEmpty() || has.isEmpty() ? "" : ", ") + has);
  }

  private static String order(List<String> one, List<String> other) {
    int at = 0;
    while (at < Math.min(one.size(), other.size()) - 1 && one.get(at).equals(other.get(at))) {
      at++;
    }
    return String.format(
        "the same names in another order, class %d is %s instead of %s",
        at, other.get(at), one.get(at));
  }

  private static boolean isNumbered(List<String> names) {
    return IntStream.range(0, names.size()).allMatch(i -> names.get(i).equals(Integer.toString(i)));
  }

  private static String shown(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " others";
  }
}
