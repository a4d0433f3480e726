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
}
