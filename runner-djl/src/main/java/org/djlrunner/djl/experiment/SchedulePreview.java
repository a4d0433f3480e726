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
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Moment;
import org.djlrunner.schedule.MomentumSchedule;
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
      LrSchedule lr,
      OptimizerOutline optimizer,
      int epochLength,
      Consumer<ScheduleRow> rows) {
    Runner<Integer> runner = spec.runner().builder(new DryStep()).optimizer(optimizer).build();
    runner.registerHook(new LrUpdaterHook(lr));
    if (spec.momentum() != null) {
      runner.registerHook(new MomentumUpdaterHook(spec.momentum()));
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
   * @throws IllegalStateException if the optimizer has no momentum to change
   */
  static void check(ExperimentSpec spec, Optimizer optimizer, int epochLength) {
    OptionalInt epochs = spec.runner().maxEpochs();
    OptionalInt iters = spec.runner().maxIters();
    if (epochs.isPresent() && (long) epochs.getAsInt() * epochLength <= Integer.MAX_VALUE) {
      iters = OptionalInt.of(epochs.getAsInt() * epochLength);
    }
    Moment start = new Moment(0, 0, OptionalInt.of(epochLength), epochs, iters);
    String name = RunnerBuilder.DEFAULT_OPTIMIZER;
    if (spec.lr() instanceof LrSchedule lr) {
      check(lr, GroupBases.learningRates(name, optimizer, true), start);
    }
    MomentumSchedule momentum = spec.momentum();
    if (momentum != null) {
      check(momentum, GroupBases.momenta(name, optimizer, true), start);
    }
  }

  private static void check(Schedule schedule, GroupBases groups, Moment start) {
    Timeline timeline = schedule.timeline(groups);
    timeline.check(start);
    timeline.values(start);
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
