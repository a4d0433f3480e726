package org.djlrunner.djl.experiment;

import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrPlan;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.schedule.Plateau;

/**
 * The config's {@code lr_config} and {@code momentum_config}.
 *
 * @param lr the learning rate; empty if it is wrong, which is reported
 * @param momentum the momentum; empty if there is none, or if it is wrong, which is reported
 */
record ScheduleSection(Optional<LrPlan> lr, Optional<MomentumSchedule> momentum) {
  private static final String LR = "lr_config";

  static ScheduleSection read(ConfigReader root, Every.Unit runnerUnit) {
    return new ScheduleSection(
        LrConfig.read(root.section(LR), runnerUnit),
        root.optionalSection("momentum_config")
            .flatMap(section -> MomentumConfig.read(section, runnerUnit)));
  }

  /** Reports a plateau that watches evaluations which never come. */
  void requireWatched(ConfigReader root, boolean evaluates, Optional<Workflow> workflow) {
    boolean validates =
        workflow.stream()
            .flatMap(w -> w.flows().stream())
            .anyMatch(flow -> flow.mode().equals(Mode.VAL) && flow.count() > 0);
    if (lr.orElse(null) instanceof Plateau plateau && !plateau.watchesTraining()) {
      root.require(
          evaluates || validates,
          LR,
          "watches '"
              + plateau.monitor()
              + "' of evaluations, but there are none; add the section evaluation, or watch "
              + Plateau.TRAIN
              + plateau.monitor());
    }
  }

  /** What {@code by_epoch} says, or what the runner counts. */
  static Every.Unit unit(ConfigReader config, Every.Unit runnerUnit) {
    return config.bool("by_epoch", runnerUnit == Every.Unit.EPOCH)
        ? Every.Unit.EPOCH
        : Every.Unit.ITER;
  }
}
