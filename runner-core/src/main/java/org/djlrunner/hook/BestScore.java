package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.config.NearNames;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Compares evaluation results with the best so far.
 *
 * <p>Better is strictly greater or less; 0 and negative results count as any other, one that is NaN
 * or infinite is never a best. {@link #state} is all there is to keep.
 */
public final class BestScore {
  private final BestSpec spec;
  private final Map<String, Double> best = new LinkedHashMap<>();
  private @Nullable String first;

  /** Without a best yet. */
  public BestScore(BestSpec spec) {
    this.spec = spec;
  }

  /** What decides. */
  public BestSpec spec() {
    return spec;
  }

  /**
   * Takes an evaluation's results.
   *
   * @param results by full name; those of other evaluations, and an evaluation without results,
   *     change nothing
   * @return the keys, as within the evaluation, that have a new best now
   * @throws IllegalStateException if there are results of this evaluation but none of a key
   * @throws IllegalArgumentException if the key that {@code auto} finds doesn't tell what better
   *     means
   */
  public List<String> update(Map<String, Double> results) {
    Map<String, Double> own = own(results);
    List<String> better = new ArrayList<>();
    if (own.isEmpty()) {
      return better;
    }
    for (String named : spec.keys()) {
      String key = named.equals(BestSpec.AUTO) ? first(own) : named;
      Double value = own.get(key);
      if (value == null) {
        throw new IllegalStateException(
            "save_best watches '"
                + spec.fullName(key)
                + "', which the evaluation doesn't report"
                + NearNames.suggestion(key, own.keySet())
                + "; it reports "
                + own.keySet());
      }
      Rule rule = spec.ruleOf(key);
      Double before = best.get(key);
      if (Double.isFinite(value) && (before == null || rule.isBetter(value, before, 0))) {
        best.put(key, value);
        better.add(key);
      }
    }
    return better;
  }

  /** The best of a result so far, by its name within the evaluation. */
  public OptionalDouble best(String key) {
    Double value = best.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** What it has seen, as JSON-like data: {@code best} by key, and the key that auto found. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("best", new LinkedHashMap<>(best));
    if (first != null) {
      state.put(BestSpec.AUTO, first);
    }
    return state;
  }

  /**
   * Goes on from a state; bests of keys that aren't watched any more are left out.
   *
   * @throws IllegalArgumentException if it is none of {@link #state}
   */
  public void restore(Map<?, ?> state) {
    if (!(state.get("best") instanceof Map<?, ?> bests)) {
      throw new IllegalArgumentException(
          "the best results must be a mapping under 'best', got " + state);
    }
    best.clear();
    first = state.get(BestSpec.AUTO) instanceof String found ? found : null;
    bests.forEach(
        (key, value) -> {
          if (!(key instanceof String name) || !(value instanceof Number number)) {
            throw new IllegalArgumentException(
                "a best result must be a number by name, got " + key + ": " + value);
          }
          if (spec.keys().contains(name)
              || (spec.keys().contains(BestSpec.AUTO) && name.equals(first))) {
            best.put(name, number.doubleValue());
          }
        });
  }

  /** MMCV's auto stays with the key it found first. */
  private String first(Map<String, Double> own) {
    String found = first;
    if (found == null) {
      found = own.keySet().iterator().next();
      first = found;
    }
    return found;
  }

  private Map<String, Double> own(Map<String, Double> results) {
    Map<String, Double> own = new LinkedHashMap<>();
    String prefix = spec.evaluation().isEmpty() ? "" : spec.evaluation() + "/";
    results.forEach(
        (name, value) -> {
          if (ResultName.evaluation(name).equals(spec.evaluation())) {
            own.put(name.substring(prefix.length()), value);
          }
        });
    return own;
  }
}
