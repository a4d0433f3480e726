package org.djlrunner.hook;

import java.util.Map;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Stateful;

/**
 * Writes the scheduled momentum into every parameter group before each training iteration: SGD's
 * and RMSprop's {@code momentum}, the first of the betas of the Adam family.
 *
 * <p>Each group is scaled from the momentum its optimizer was built with. Optimizers without any
 * are refused before the run.
 */
public final class MomentumUpdaterHook implements Hook, Stateful {
  private final ScheduledGroups groups;
  private final ValuesInForce inForce =
      new ValuesInForce(ParamGroup::currentMomentum, MomentumUpdaterHook::setIfAny);

  /** A hook that has all optimizers follow {@code schedule}. */
  public MomentumUpdaterHook(MomentumSchedule schedule) {
    this(Map.of("", schedule));
  }

  /**
   * A hook with a schedule for each optimizer.
   *
   * @param schedules by the optimizer's name; under "" the one for all that are not named, without
   *     which those keep their momenta
   */
  public MomentumUpdaterHook(Map<String, MomentumSchedule> schedules) {
    this.groups = new ScheduledGroups(schedules, GroupBases::momenta, ParamGroup::setMomentum);
  }

  @Override
  public void beforeRun(HookContext context) {
    groups.beforeRun(context);
    inForce.beforeRun(groups.scheduled(context.optimizers()));
  }

  /** The values in force; all else is a function of progress. */
  @Override
  public Map<String, Object> state() {
    return inForce.state();
  }

  @Override
  public void restore(Map<String, Object> state) {
    inForce.restore(state);
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    groups.beforeTrainIter(context);
  }

  private static void setIfAny(ParamGroup group, double momentum) {
    if (group.momentum().isPresent()) {
      group.setMomentum(momentum);
    }
  }

  @Override
  public Priority priority() {
    return Priority.HIGH;
  }
}
