package org.djlrunner.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One policy after the other; MMCV has none such.
 *
 * <p>Each part counts from its own start and takes its own length for the whole run; the last one
 * ends with the run. All scale from the same base.
 *
 * @param parts at least one, none of them a sequence
 * @param milestones where each part but the first begins, ascending, above 0
 */
public record Sequential(List<LrPolicy> parts, List<Integer> milestones) implements LrPolicy {
  /** Rejects sequences that don't fit together. */
  public Sequential {
    parts = List.copyOf(parts);
    milestones = List.copyOf(milestones);
    if (parts.isEmpty() || milestones.size() != parts.size() - 1) {
      throw new IllegalArgumentException(
          String.format(
              "a sequence has a milestone between each two of its parts, got %d parts and %s",
              parts.size(), milestones));
    }
    if (parts.stream().anyMatch(Sequential.class::isInstance)) {
      throw new IllegalArgumentException("a sequence can't be part of another; join them");
    }
    int before = 0;
    for (int milestone : milestones) {
      if (milestone <= before) {
        throw new IllegalArgumentException(
            "milestones must be above 0 and ascend, got " + milestones);
      }
      before = milestone;
    }
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    List<List<Curve>> byPart = parts.stream().map(part -> part.curves(groups)).toList();
    return IntStream.range(0, groups.initial().size())
        .<Curve>mapToObj(group -> at -> value(byPart, group, at))
        .toList();
  }

  /** Parts behind the end of the run are never reached, so they may be anything. */
  @Override
  public void check(double total) {
    List<Integer> starts = starts();
    for (int i = 0; i < parts.size(); i++) {
      // Also where nobody knows the total, which is NaN.
      if (!(starts.get(i) >= total)) {
        parts.get(i).check(length(i, total));
      }
    }
  }

  private double value(List<List<Curve>> byPart, int group, Position at) {
    List<Integer> starts = starts();
    int part = parts.size() - 1;
    while (at.done() < starts.get(part)) {
      part--;
    }
    Position within = new Position(at.done() - starts.get(part), length(part, at.total()));
    return byPart.get(part).get(group).at(within);
  }

  private double length(int part, double total) {
    double end = part < milestones.size() ? milestones.get(part) : total;
    return end - starts().get(part);
  }

  private List<Integer> starts() {
    List<Integer> starts = new ArrayList<>(List.of(0));
    starts.addAll(milestones);
    return starts;
  }
}
