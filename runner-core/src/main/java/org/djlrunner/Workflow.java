package org.djlrunner;

import java.util.List;

/**
 * The round of flows that a runner repeats until its limit, such as {@code [(train, 2), (val, 1)]}.
 *
 * <p>Each flow has a data loader of its own, by position. A round without an effective train flow
 * would never end, so it is refused here.
 *
 * @param flows the flows in order; at least one trains
 */
public record Workflow(List<Flow> flows) {
  /** Rejects a workflow that trains nothing, and modes that no runner knows. */
  public Workflow {
    flows = List.copyOf(flows);
    for (Flow flow : flows) {
      if (!flow.mode().equals(Mode.TRAIN) && !flow.mode().equals(Mode.VAL)) {
        throw new IllegalArgumentException(
            "the workflow names the mode '" + flow.mode() + "'; known modes: train, val");
      }
    }
    if (flows.stream().noneMatch(f -> f.mode().equals(Mode.TRAIN) && f.count() > 0)) {
      throw new IllegalArgumentException(
          "the workflow "
              + flows
              + " never trains, so it would never end; give it a flow such as (train, 1)");
    }
  }

  /** A workflow of these flows, in this order. */
  public static Workflow of(Flow... flows) {
    return new Workflow(List.of(flows));
  }

  /** The usual workflow: training only, {@code [(train, 1)]}. */
  public static Workflow training() {
    return of(Flow.train(1));
  }

  @Override
  public String toString() {
    return flows.toString();
  }
}
