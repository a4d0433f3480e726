package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.Moment;
import org.djlrunner.schedule.Schedule;
import org.djlrunner.schedule.Timeline;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/** Walks a run with its runner and schedules, but without model and data. */
final class SchedulePreview {
  private SchedulePreview() {}

  /**
   * Gives every training iteration of the run to a consumer, in order.
   *
   * @param epochLength training iterations of an epoch
   * @throws IllegalArgumentException if a schedule doesn't fit the run
   */
  static void walk(
      ExperimentSpec spec,
      Map<String, OptimizerOutline> optimizers,
      int epochLength,
      Consumer<ScheduleRow> rows) {
    RunnerBuilder<Integer, ? extends Runner<Integer>> builder =
        spec.runner().builder(new DryStep());
    optimizers.forEach(builder::optimizer);
    Runner<Integer> runner = builder.build();
    runner.registerHook(new LrUpdaterHook(spec.schedules().rates()));
    if (!spec.schedules().momentum().isEmpty()) {
      runner.registerHook(new MomentumUpdaterHook(spec.schedules().momentum()));
    }
    runner.registerHook(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            rows.accept(row(context));
          }
        },
        Priority.LOWEST);
    List<DryStep.Loader> loaders = new ArrayList<>();
    for (Flow flow : spec.workflow().flows()) {
      // How long validation lasts moves no schedule.
      loaders.add(new DryStep.Loader(flow.mode().equals(Mode.TRAIN) ? epochLength : 1));
    }
    runner.run(loaders, spec.workflow());
  }

  /**
   * Refuses schedules that don't fit a run that is about to begin.
   *
   * @throws IllegalArgumentException naming the section and what to change
   * @throws IllegalStateException if an optimizer has no momentum to change
   */
  static void check(ExperimentSpec spec, Map<String, Optimizer> optimizers, int epochLength) {
    OptionalInt epochs = spec.runner().maxEpochs();
    OptionalInt iters = spec.runner().maxIters();
    if (epochs.isPresent() && (long) epochs.getAsInt() * epochLength <= Integer.MAX_VALUE) {
      iters = OptionalInt.of(epochs.getAsInt() * epochLength);
    }
    Moment start = new Moment(0, 0, OptionalInt.of(epochLength), epochs, iters);
    check(spec.schedules().rates(), optimizers, GroupBases::learningRates, start);
    check(spec.schedules().momentum(), optimizers, GroupBases::momenta, start);
  }

  /** Tells what the groups of an optimizer begin with. */
  @FunctionalInterface
  private interface Bases {
    GroupBases of(String name, Optimizer optimizer, boolean only);
  }

  private static void check(
      Map<String, ? extends Schedule> schedules,
      Map<String, Optimizer> optimizers,
      Bases bases,
      Moment start) {
    optimizers.forEach(
        (name, optimizer) -> {
          Schedule own = schedules.get(name);
          Schedule schedule = own == null ? schedules.get(ScheduleSection.ALL) : own;
          if (schedule != null) {
            GroupBases groups = bases.of(name, optimizer, optimizers.size() == 1);
            try {
              Timeline timeline = schedule.timeline(groups);
              timeline.check(start);
              timeline.values(start);
            } catch (IllegalArgumentException e) {
              throw own == null ? e : atName(e, schedule.section(), name);
            }
          }
        });
  }

  /** Schedules know their section, but not whose they are. */
  private static IllegalArgumentException atName(
      IllegalArgumentException e, String section, String name) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith(section + ":")
        ? new IllegalArgumentException(
            section + "." + name + message.substring(section.length()), e)
        : e;
  }

  private static ScheduleRow row(HookContext context) {
    Map<String, List<Double>> momenta = new LinkedHashMap<>();
    context
        .optimizers()
        .forEach(
            (name, optimizer) ->
                momenta.put(
                    name,
                    optimizer.paramGroups().stream().map(SchedulePreview::momentum).toList()));
    Progress progress = context.progress();
    return new ScheduleRow(
        progress.epoch(), progress.iter(), progress.innerIter(), context.learningRates(), momenta);
  }

  private static double momentum(ParamGroup group) {
    return group.momentum().orElse(0);
  }
}
