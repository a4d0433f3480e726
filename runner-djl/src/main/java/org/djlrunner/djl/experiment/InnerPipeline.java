package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.djlrunner.config.ConfigReader;
import org.jspecify.annotations.Nullable;

/**
 * Where the pipeline of a data set stands that is made of others: in MMClassification's configs
 * with the innermost.
 */
final class InnerPipeline {
  private static final String PIPELINE = "pipeline";

  private InnerPipeline() {}

  /**
   * The section that has the pipeline: this one, or the first within it that has one.
   *
   * <p>A loader has one pipeline, so several data sets share it; another one at a later data set is
   * an error, unless it is the same.
   */
  static ConfigReader holder(ConfigReader section) {
    // Of other types such a key is unknown, and must not count as asked for.
    if (section.has(PIPELINE) || !WrapperFactories.TYPES.contains(type(section))) {
      return section;
    }
    if (section.has(WrapperFactories.DATASET)) {
      return holder(section.section(WrapperFactories.DATASET));
    }
    if (!section.isSequence(WrapperFactories.DATASETS)) {
      return section;
    }
    List<ConfigReader> parts = section.sections(WrapperFactories.DATASETS);
    if (parts.isEmpty()) {
      return section;
    }
    ConfigReader first = holder(parts.get(0));
    Optional<ConfigNode> expected = first.node(PIPELINE);
    for (ConfigReader part : parts.subList(1, parts.size())) {
      ConfigReader other = holder(part);
      other.require(
          same(other.node(PIPELINE).orElse(null), expected.orElse(null)),
          PIPELINE,
          "the data sets of a list go through one pipeline, and this differs from that of "
              + first.path()
              + "; give one pipeline beside datasets");
    }
    return first;
  }

  /** Marks the pipeline of a wrapped data set as known. */
  static void leave(ConfigReader section) {
    section.has(PIPELINE);
  }

  /** The type, or nothing where it is missing or no text, which whoever builds it reports. */
  private static String type(ConfigReader section) {
    return section.node("type").orElse(null) instanceof Value node
            && node.value() instanceof String type
        ? type
        : "";
  }

  /** Whether the same is written, wherever that is. */
  private static boolean same(@Nullable ConfigNode one, @Nullable ConfigNode other) {
    if (one instanceof Mapping a && other instanceof Mapping b) {
      return a.entries().keySet().equals(b.entries().keySet())
          && a.entries().keySet().stream()
              .allMatch(key -> same(a.entries().get(key), b.entries().get(key)));
    }
    if (one instanceof Sequence a && other instanceof Sequence b) {
      return a.items().size() == b.items().size()
          && IntStream.range(0, a.items().size())
              .allMatch(i -> same(a.items().get(i), b.items().get(i)));
    }
    if (one instanceof Value a && other instanceof Value b) {
      return Objects.equals(a.value(), b.value());
    }
    return one == null && other == null;
  }
}
