package org.djlrunner.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.djlrunner.Every;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;

/** An evaluation at the end of each epoch or iteration that gives what it is told to. */
public final class ScriptedResults implements Hook {
  private final Every.Unit unit;
  private final List<Map<String, Double>> results;
  private int next;

  /** Gives these results, one an epoch or iteration, and then no more. */
  public ScriptedResults(Every.Unit unit, List<Map<String, Double>> results) {
    this.unit = unit;
    this.results = results;
  }

  /** Gives these values of one metric, one an epoch. */
  public static ScriptedResults of(String metric, double... values) {
    return new ScriptedResults(
        Every.Unit.EPOCH, Arrays.stream(values).mapToObj(value -> Map.of(metric, value)).toList());
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (unit == Every.Unit.ITER) {
      report(context);
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    if (unit == Every.Unit.EPOCH) {
      report(context);
    }
  }

  @Override
  public Priority priority() {
    return Priority.LOW;
  }

  private void report(HookContext context) {
    if (next < results.size()) {
      context.report(results.get(next++));
    }
  }
}
