package org.djlrunner.hook;

import org.djlrunner.Progress;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * Writes the scheduled learning rate into every parameter group before each training iteration.
 *
 * <p>Each group is scaled from the rate its optimizer was built with.
 */
public final class LrUpdaterHook implements Hook {
  private final LrSchedule schedule;

  /** A hook that follows {@code schedule}. */
  public LrUpdaterHook(LrSchedule schedule) {
    this.schedule = schedule;
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    Progress progress = context.progress();
    for (Optimizer optimizer : context.optimizers().values()) {
      for (ParamGroup group : optimizer.paramGroups()) {
        group.setLr(schedule.lr(group.initialLr(), progress));
      }
    }
  }

  @Override
  public Priority priority() {
    return Priority.VERY_HIGH;
  }
}
