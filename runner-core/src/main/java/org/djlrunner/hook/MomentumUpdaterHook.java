package org.djlrunner.hook;

import java.util.Map;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.spi.ParamGroup;

/**
 * Writes the scheduled momentum into every parameter group before each training iteration: SGD's
 * and RMSprop's {@code momentum}, the first of the betas of the Adam family.
 *
 * <p>Each group is scaled from the momentum its optimizer was built with. Optimizers without any
 * are refused before the run.
 */
public final class MomentumUpdaterHook implements Hook {
  private final ScheduledGroups groups;

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
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    groups.beforeTrainIter(context);
  }

  @Override
  public Priority priority() {
    return Priority.HIGH;
  }
}
