package org.djlrunner.hook;

import java.util.Map;
import org.djlrunner.schedule.GroupBases;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Stateful;

/**
 * Writes the scheduled learning rate into every parameter group before each training iteration.
 *
 * <p>Each group is scaled from the rate its optimizer was built with. A schedule that doesn't fit
 * the run is refused before the first step.
 */
public final class LrUpdaterHook implements Hook, Stateful {
  private final ScheduledGroups groups;
  private final ValuesInForce inForce = new ValuesInForce(ParamGroup::lr, ParamGroup::setLr);

  /** A hook that has all optimizers follow {@code schedule}. */
  public LrUpdaterHook(LrSchedule schedule) {
    this(Map.of("", schedule));
  }

  /**
   * A hook with a schedule for each optimizer.
   *
   * @param schedules by the optimizer's name; under "" the one for all that are not named, without
   *     which those keep their rates
   */
  public LrUpdaterHook(Map<String, LrSchedule> schedules) {
    this.groups = new ScheduledGroups(schedules, GroupBases::learningRates, ParamGroup::setLr);
  }

  @Override
  public void beforeRun(HookContext context) {
    if (context.optimizers().isEmpty()) {
      throw new IllegalStateException(
          "LrUpdaterHook has no rate to set: give the runner an optimizer, or leave the hook out");
    }
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

  @Override
  public Priority priority() {
    return Priority.VERY_HIGH;
  }
}
