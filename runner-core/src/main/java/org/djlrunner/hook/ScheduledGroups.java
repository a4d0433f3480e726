package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Progress;
import org.djlrunner.config.NearNames;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.Moment;
import org.djlrunner.schedule.Schedule;
import org.djlrunner.schedule.Timeline;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/** Keeps one hyper-parameter of every parameter group on its schedule. */
final class ScheduledGroups {
  /** An optimizer's groups with their schedule. */
  private record Scheduled(Timeline timeline, Timeline.Taker taker) {}

  /** Tells what the groups of an optimizer begin with. */
  @FunctionalInterface
  interface Bases {
    GroupBases of(String name, Optimizer optimizer, boolean only);
  }

  /** Sets the hyper-parameter. */
  @FunctionalInterface
  interface Writer {
    void set(ParamGroup group, double value);
  }

  private final Map<String, ? extends Schedule> schedules;
  private final Bases bases;
  private final Writer writer;
  private final List<Scheduled> scheduled = new ArrayList<>();
  private boolean begun;

  /**
   * Groups on schedules.
   *
   * @param schedules by optimizer; under "" the one for all that are not named
   */
  ScheduledGroups(Map<String, ? extends Schedule> schedules, Bases bases, Writer writer) {
    this.schedules = new LinkedHashMap<>(schedules);
    this.bases = bases;
    this.writer = writer;
  }

  /** Lays the schedules out for the run's optimizers. */
  void beforeRun(HookContext context) {
    scheduled.clear();
    begun = false;
    Map<String, Optimizer> optimizers = context.optimizers();
    for (String name : schedules.keySet()) {
      if (!name.isEmpty() && !optimizers.containsKey(name)) {
        throw new IllegalStateException(
            "there is a schedule for optimizer '"
                + name
                + "', but the run has "
                + optimizers.keySet()
                + NearNames.suggestion(name, optimizers.keySet()));
      }
    }
    optimizers.forEach(
        (name, optimizer) -> {
          Schedule schedule = schedules.get(name);
          if (schedule == null) {
            schedule = schedules.get("");
          }
          if (schedule != null) {
            GroupBases groups = bases.of(name, optimizer, optimizers.size() == 1);
            List<ParamGroup> own = optimizer.paramGroups();
            scheduled.add(
                new Scheduled(
                    schedule.timeline(groups), (i, value) -> writer.set(own.get(i), value)));
          }
        });
  }

  /** Those of a run's optimizers that have a schedule. */
  Map<String, Optimizer> scheduled(Map<String, Optimizer> optimizers) {
    Map<String, Optimizer> chosen = new LinkedHashMap<>(optimizers);
    chosen.keySet().removeIf(name -> !schedules.containsKey("") && !schedules.containsKey(name));
    return chosen;
  }

  /** Writes the values of the training iteration at hand. */
  void beforeTrainIter(HookContext context) {
    Progress progress = context.progress();
    Moment moment = Moment.of(progress, context.epochLength());
    for (Scheduled optimizer : scheduled) {
      if (!begun) {
        optimizer.timeline.check(moment);
      }
      optimizer.timeline.forEach(moment, optimizer.taker);
    }
    begun = true;
  }
}
