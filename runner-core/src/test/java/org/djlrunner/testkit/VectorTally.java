package org.djlrunner.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.djlrunner.testkit.Vectors.Case;
import org.djlrunner.testkit.Vectors.Comparison;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Counts how our behaviour compares with the recorded cases and prints a line for each family when
 * all tests have run: {@code vectors FAMILY run=N equal=N deviations=N failed=N}.
 *
 * <p>A case that several tests look at counts once, by the worst of what they found.
 */
public final class VectorTally implements BeforeAllCallback {
  /** What became of a case, from good to bad. */
  enum Verdict {
    EQUAL,
    DEVIATION,
    FAILED
  }

  private static final Map<String, Map<String, Verdict>> FAMILIES = new ConcurrentSkipListMap<>();

  static void note(Case recorded, Verdict verdict, Comparison comparison) {
    try {
      comparison.run();
      note(recorded, verdict);
    } catch (RuntimeException | Error e) {
      note(recorded, Verdict.FAILED);
      throw e;
    } catch (Exception e) {
      note(recorded, Verdict.FAILED);
      throw new AssertionError(recorded + ": " + e, e);
    }
  }

  private static void note(Case recorded, Verdict verdict) {
    FAMILIES
        .computeIfAbsent(recorded.family(), family -> new ConcurrentSkipListMap<>())
        .merge(recorded.id(), verdict, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(VectorTally.class))
        .computeIfAbsent("report", key -> (AutoCloseable) VectorTally::print);
  }

  private static void print() {
    FAMILIES.forEach(
        (family, cases) ->
            System.out.printf(
                "vectors %s run=%d equal=%d deviations=%d failed=%d%n",
                family,
                cases.size(),
                count(cases, Verdict.EQUAL),
                count(cases, Verdict.DEVIATION),
                count(cases, Verdict.FAILED)));
  }

  private static long count(Map<String, Verdict> cases, Verdict verdict) {
    return cases.values().stream().filter(verdict::equals).count();
  }
}
