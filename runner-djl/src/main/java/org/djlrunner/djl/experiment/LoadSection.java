package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.spi.WeightLoading;
import org.djlrunner.spi.WeightLoading.Revision;

/** The section {@code load_config}: how the weights of {@code load_from} find their places. */
final class LoadSection {
  private static final String REVISE_KEYS = "revise_keys";
  private static final String FORM =
      "expected pairs of a regular expression and what replaces it, such as"
          + " [['^backbone\\.', '']]";

  private LoadSection() {}

  /**
   * Reads {@code strict} (default true), {@code revise_keys} (pairs of a pattern and its
   * replacement; by default a leading {@code module.} goes) and {@code prefix} (what the names of
   * the weights that count begin with, such as {@code backbone}; default none).
   */
  static WeightLoading read(ConfigReader root) {
    Optional<ConfigReader> section = root.optionalSection("load_config");
    if (section.isEmpty()) {
      return WeightLoading.STRICT;
    }
    ConfigReader options = section.get();
    boolean strict = options.bool("strict", true);
    String prefix = options.string("prefix", "");
    List<Revision> revisions = revisions(options);
    options.finish();
    return new WeightLoading(
        strict,
        revisions,
        prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix);
  }

  private static List<Revision> revisions(ConfigReader options) {
    Optional<ConfigNode> node = options.node(REVISE_KEYS);
    if (node.isEmpty() || !options.has(REVISE_KEYS)) {
      return WeightLoading.STRICT.reviseKeys();
    }
    try {
      List<Revision> revisions = new ArrayList<>();
      for (ConfigNode entry : items(node.get())) {
        List<ConfigNode> pair = items(entry);
        if (pair.size() == 2
            && pair.get(0) instanceof ConfigNode.Value pattern
            && pattern.value() instanceof String from
            && pair.get(1) instanceof ConfigNode.Value replacement
            && replacement.value() instanceof String to) {
          revisions.add(Revision.of(from, to));
        } else {
          throw new IllegalArgumentException(FORM);
        }
      }
      return revisions;
    } catch (IllegalArgumentException e) {
      options.error(REVISE_KEYS, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private static List<ConfigNode> items(ConfigNode node) {
    if (node instanceof ConfigNode.Sequence sequence) {
      return sequence.items();
    }
    throw new IllegalArgumentException(FORM);
  }
}
