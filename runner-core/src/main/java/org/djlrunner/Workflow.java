package org.djlrunner;

import java.util.List;
import java.util.Set;
import org.djlrunner.config.NearNames;

/**
 * The round of flows that a runner repeats until its limit, such as {@code [(train, 2), (val, 1)]}.
 *
 * <p>Each flow has a data loader of its own, by position. A round without an effective train flow
 * would never end, so it is refused here.
 *
 * @param flows the flows in order; at least one trains
 */
public record Workflow(List<Flow> flows) {
  /** Rejects a workflow that trains nothing. */
  public Workflow {
    flows = List.copyOf(flows);
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

  /**
   * Refuses modes that are not among {@code known}.
   *
   * @throws IllegalArgumentException if there is one
   */
  public void requireModes(Set<Mode> known) {
    for (Flow flow : flows) {
      if (!known.contains(flow.mode())) {
        List<String> names = known.stream().map(Mode::name).sorted().toList();
        throw new IllegalArgumentException(
            "the workflow names the mode '"
                + flow.mode()
                + "'"
                + NearNames.suggestion(flow.mode().name(), names)
                + "; known modes: "
                + String.join(", ", names));
      }
    }
  }

  @Override
  public String toString() {
    return flows.toString();
  }
}
