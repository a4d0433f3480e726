package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.build.RunnerSpec;
import org.djlrunner.build.WorkflowConfig;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.schedule.LrPlan;
import org.djlrunner.schedule.MomentumSchedule;
import org.jspecify.annotations.Nullable;

/**
 * A config that was read and found right, before anything is opened or built.
 *
 * @param seed of weights, order and dropout; default 0
 * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}; default auto
 * @param model the network
 * @param loss the loss
 * @param data the data sets
 * @param optimizer the optimizer
 * @param runner what is counted, and how far
 * @param workflow the round of flows
 * @param lr the learning rate
 * @param momentum the momentum, null where it stays
 * @param step how iterations are computed and become updates
 * @param resume what the run begins with
 * @param speed switches that change no meaning
 * @param checkpoint the saving, null for none
 * @param evaluation how often to evaluate, and what, null for never
 * @param loggers where logs go
 * @param customHooks the rest
 */
record ExperimentSpec(
    long seed,
    String device,
    ModelSpec model,
    LossSpec loss,
    DataSection data,
    OptimizerSpec optimizer,
    RunnerSpec runner,
    Workflow workflow,
    LrPlan lr,
    @Nullable MomentumSchedule momentum,
    StepSection step,
    ResumeSection resume,
    SpeedSection speed,
    @Nullable CheckpointHook checkpoint,
    @Nullable EvaluationSection evaluation,
    List<Hook> loggers,
    List<HooksSection.Custom> customHooks) {

  /** What the data sections have loaders for. */
  private static final Set<Mode> MODES = Set.of(Mode.TRAIN, Mode.VAL);

  /** Reads all sections, adding every problem to {@code errors}; empty if one is essential. */
  static Optional<ExperimentSpec> read(
      ConfigReader root, Components components, ConfigErrors errors) {
    long seed = root.longInteger("seed", 0);
    String device = root.string("device", "auto");
    root.require(
        DeviceChoice.isWellFormed(device),
        "device",
        "unknown device '" + device + "'; " + DeviceChoice.FORM);
    root.stringOrNull("work_dir");
    Optional<ModelSpec> model = components.models().build(root.section("model"));
    Optional<LossSpec> loss =
        root.optionalSection("loss")
            .map(components.losses()::build)
            .orElse(Optional.of(CrossEntropyLoss::hard));
    Optional<DataSection> data = DataSection.read(root.section("data"), components, seed);
    Optional<OptimizerSpec> optimizer = components.optimizers().build(root.section("optimizer"));
    Optional<RunnerSpec> runner = components.runners().build(root.section("runner"));
    Every.Unit unit = runner.map(RunnerSpec::unit).orElse(Every.Unit.EPOCH);
    Optional<Workflow> workflow = WorkflowConfig.read(root, MODES);
    ScheduleSection schedules = ScheduleSection.read(root, unit);
    StepSection step = StepSection.read(root, UpdateSection.read(root));
    ResumeSection resume = ResumeSection.read(root);
    SpeedSection speed = SpeedSection.read(root);
    Optional<CheckpointHook> checkpoint =
        root.optionalSection("checkpoint_config").map(c -> CheckpointSection.read(c, unit));
    Optional<EvaluationSection> evaluation =
        root.optionalSection("evaluation").map(c -> EvaluationSection.read(c, unit));
    List<Hook> loggers = HooksSection.loggers(root.optionalSection("log_config"), unit);
    List<HooksSection.Custom> custom =
        HooksSection.custom(root.sections("custom_hooks"), components.hooks());
    data.ifPresent(d -> requireValidationData(root, d, evaluation, workflow));
    schedules.requireWatched(root, evaluation.isPresent(), workflow);
    root.finish();
    if (!errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ExperimentSpec(
            seed,
            device,
            model.orElseThrow(),
            loss.orElseThrow(),
            data.orElseThrow(),
            optimizer.orElseThrow(),
            runner.orElseThrow(),
            workflow.orElseThrow(),
            schedules.lr().orElseThrow(),
            schedules.momentum().orElse(null),
            step,
            resume,
            speed,
            checkpoint.orElse(null),
            evaluation.orElse(null),
            loggers,
            custom));
  }

  private static void requireValidationData(
      ConfigReader root,
      DataSection data,
      Optional<EvaluationSection> evaluation,
      Optional<Workflow> workflow) {
    if (data.val() != null) {
      return;
    }
    String missing = "needs a validation data set, but data.val is missing";
    root.require(evaluation.isEmpty(), "evaluation", missing);
    boolean validates =
        workflow.stream()
            .flatMap(w -> w.flows().stream())
            .anyMatch(flow -> flow.mode().equals(Mode.VAL));
    root.require(!validates, "workflow", missing);
  }
}
