package org.djlrunner.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.Vectors.Case;

/** The inputs of a recorded case of the families lr and momentum, in our types. */
record ScheduleCase(Case recorded) {
  boolean countsEpochs() {
    return recorded.at("runner").asText().startsWith("Epoch");
  }

  int limit() {
    return recorded.at(countsEpochs() ? "max_epochs" : "max_iters").asInt();
  }

  boolean startsInTheMiddle() {
    return recorded.has("start");
  }

  /** Batches of the first loader that is trained on. */
  int epochLength() {
    for (int i = 0; i < workflow().size(); i++) {
      if (trains(i)) {
        return length(i);
      }
    }
    throw new IllegalStateException("nothing is trained in " + recorded);
  }

  /** Iterations of the whole run: what is walked until the limit. */
  int plannedIters() {
    return countsEpochs() ? walked().stream().mapToInt(Integer::intValue).sum() : limit();
  }

  /** Whether epochs of different length are walked, with which MMCV's max_iters flips. */
  boolean hasUnevenTraining() {
    return countsEpochs() && new LinkedHashSet<>(walked()).size() > 1;
  }

  /** Whether the counters begin so far that iterations go beyond the planned ones. */
  boolean exceedsItsPlan() {
    int first = recorded.at("start").path("iter").asInt();
    return first + lengthsFromStart().stream().mapToInt(n -> n).sum() > plannedIters();
  }

  /** The lengths of the passes, or parts of them, from where the run begins to its limit. */
  List<Integer> lengthsFromStart() {
    JsonNode start = recorded.at("start");
    if (countsEpochs()) {
      return walked().stream().skip(start.path("epoch").asInt()).toList();
    }
    List<Integer> lengths = new ArrayList<>();
    for (int left = limit() - start.path("iter").asInt(); left > 0; left -= epochLength()) {
      lengths.add(Math.min(left, epochLength()));
    }
    return lengths;
  }

  /** The optimizers by name; a single one is called {@code default}. */
  Map<String, FakeOptimizer> optimizers() {
    Map<String, FakeOptimizer> optimizers = new LinkedHashMap<>();
    JsonNode described = recorded.at("optimizer");
    if (described.has("dict")) {
      described
          .get("dict")
          .properties()
          .forEach(named -> optimizers.put(named.getKey(), optimizer(named.getValue())));
    } else {
      optimizers.put("default", optimizer(described));
    }
    return optimizers;
  }

  private static FakeOptimizer optimizer(JsonNode described) {
    String kind = described.path("kind").asText();
    List<Map<String, Double>> groups = new ArrayList<>();
    for (JsonNode group : described.path("groups")) {
      Map<String, Double> options = new LinkedHashMap<>();
      options.put("lr", group.path("initial_lr").asDouble(group.path("lr").asDouble()));
      double momentum = group.path("momentum").asDouble(0);
      if (kind.startsWith("Adam")) {
        JsonNode betas = group.path("betas");
        double beta1 = betas.path(0).asDouble(0.9);
        options.put("beta1", group.path("initial_momentum").asDouble(beta1));
        options.put("beta2", betas.path(1).asDouble(0.999));
      } else if (Set.of("SGD", "RMSprop").contains(kind)) {
        options.put("momentum", group.path("initial_momentum").asDouble(momentum));
      }
      groups.add(options);
    }
    return new FakeOptimizer(kind, groups);
  }

  private JsonNode workflow() {
    return recorded.at("workflow");
  }

  private boolean trains(int flow) {
    return workflow().get(flow).get(0).asText().equals("train")
        && workflow().get(flow).get(1).asInt() > 0;
  }

  private int length(int flow) {
    return recorded.at("loader_lengths").get(flow).asInt();
  }

  /** The length of each training epoch of an epoch-based run. */
  private List<Integer> walked() {
    List<Integer> walked = new ArrayList<>();
    while (walked.size() < limit()) {
      for (int flow = 0; flow < workflow().size(); flow++) {
        int count = trains(flow) ? workflow().get(flow).get(1).asInt() : 0;
        for (int i = 0; i < count && walked.size() < limit(); i++) {
          walked.add(length(flow));
        }
      }
    }
    return walked;
  }
}
