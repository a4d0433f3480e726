package org.djlrunner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.Vectors.Case;

/** What a recorded case says of workflow and loaders, in our types. */
final class RecordedRun {
  private RecordedRun() {}

  static Workflow workflow(Case c) {
    List<Flow> flows = new ArrayList<>();
    for (JsonNode flow : c.at("workflow")) {
      flows.add(new Flow(new Mode(flow.get(0).asText()), flow.get(1).asInt()));
    }
    return new Workflow(flows);
  }

  static List<FakeLoader> loaders(Case c) {
    List<FakeLoader> loaders = new ArrayList<>();
    for (JsonNode length : c.at("loader_lengths")) {
      loaders.add(FakeLoader.of(length.asInt()));
    }
    return loaders;
  }

  /** Whether Java's types can express the limit and the workflow. */
  static boolean isExpressible(Case c, String limit) {
    for (JsonNode flow : c.at("workflow")) {
      if (flow.size() != 2 || !flow.get(0).isTextual() || !flow.get(1).isInt()) {
        return false;
      }
    }
    return limit(c, limit).isInt();
  }

  /** The limit called {@code max_epochs} or {@code max_iters}; what run is given counts. */
  static JsonNode limit(Case c, String name) {
    JsonNode given = c.at("run_kwargs").path(name);
    return given.isMissingNode() || given.isNull() ? c.at(name) : given;
  }

  /** Whether the run begins elsewhere than at its start. */
  static boolean isResumed(Case c) {
    return c.at("start").path("epoch").asInt() != 0 || c.at("start").path("iter").asInt() != 0;
  }

  /** The lengths of the loaders of all flows of a mode that do something. */
  static List<Integer> lengths(Case c, String mode) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < c.at("workflow").size(); i++) {
      JsonNode flow = c.at("workflow").get(i);
      if (flow.get(0).asText().equals(mode) && flow.get(1).asInt() > 0) {
        lengths.add(c.at("loader_lengths").path(i).asInt());
      }
    }
    return lengths;
  }

  /**
   * Whether training flows have loaders of different length, with which max_iters flips in MMCV.
   */
  static boolean hasUnevenTraining(Case c) {
    return lengths(c, "train").stream().distinct().count() > 1;
  }

  /**
   * What we refuse before a run begins and MMCV walks into: nothing to train, loaders without data,
   * unknown modes, limits below 1, flows of negative length.
   */
  static boolean isRefusedHereOnly(Case c, String limit) {
    boolean known = true;
    boolean negative = false;
    for (JsonNode flow : c.at("workflow")) {
      known &= flow.get(0).asText().matches("train|val");
      negative |= flow.get(1).asInt() < 0;
    }
    List<Integer> training = lengths(c, "train");
    return !known
        || negative
        || training.isEmpty()
        || training.contains(0)
        || lengths(c, "val").contains(0)
        || limit(c, limit).asInt() < 1;
  }

  /** Whether there is a loader too few or too many, which MMCV refuses before a run, too. */
  static boolean isRefusedByBoth(Case c) {
    return c.at("workflow").size() != c.at("loader_lengths").size();
  }
}
