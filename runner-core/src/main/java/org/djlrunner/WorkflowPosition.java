package org.djlrunner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where in its workflow a run stands between two iterations, as a checkpoint keeps it.
 *
 * @param flow index of the flow at hand
 * @param turn how many of the flow's counts, epochs or iterations, have begun
 * @param inEpoch whether a training epoch has begun and not ended
 * @param inVal whether a validation has begun and not ended; it will be done again
 * @param batch how many batches of the training epoch at hand were taken
 * @param loaders how far each flow's endless loader is, for a runner that counts iterations
 */
public record WorkflowPosition(
    int flow,
    int turn,
    boolean inEpoch,
    boolean inVal,
    int batch,
    List<IterLoader.Position> loaders) {
  /** The beginning of a workflow. */
  public static final WorkflowPosition START =
      new WorkflowPosition(0, 0, false, false, 0, List.of());

  /** Copies the list. */
  public WorkflowPosition {
    loaders = List.copyOf(loaders);
  }

  /** The turns of the flow at hand that need not be begun again. */
  public int turnsDone() {
    return inVal ? Math.max(0, turn - 1) : turn;
  }

  /** This as JSON-like data. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("flow", flow);
    map.put("turn", turn);
    map.put("in_epoch", inEpoch);
    map.put("in_val", inVal);
    map.put("batch", batch);
    map.put("loaders", loaders.stream().map(at -> List.of(at.pass(), at.batch())).toList());
    return map;
  }

  /**
   * The reverse of {@link #toMap}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static WorkflowPosition of(Map<?, ?> map) {
    List<IterLoader.Position> loaders = new ArrayList<>();
    if (!(map.get("loaders") instanceof List<?> list)) {
      throw new IllegalArgumentException("a position needs a list of loaders, got " + map);
    }
    for (Object entry : list) {
      if (!(entry instanceof List<?> pair) || pair.size() != 2) {
        throw new IllegalArgumentException("a loader is at [pass, batch], got " + entry);
      }
      loaders.add(new IterLoader.Position(count(pair.get(0)), count(pair.get(1))));
    }
    return new WorkflowPosition(
        count(map.get("flow")),
        count(map.get("turn")),
        Objects.equals(map.get("in_epoch"), true),
        Objects.equals(map.get("in_val"), true),
        count(map.get("batch")),
        loaders);
  }

  private static int count(@Nullable Object value) {
    if (value instanceof Number number
        && number.longValue() >= 0
        && number.longValue() <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw new IllegalArgumentException("a position counts from 0, got " + value);
  }
}
