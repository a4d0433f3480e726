package org.djlrunner.djl.experiment;

import java.util.LinkedHashSet;
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
import org.djlrunner.djl.data.BatchMix;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.jspecify.annotations.Nullable;

/**
 * A config that was read and found right, before anything is opened or built.
 *
 * @param seed of weights, order and dropout; default 0
 * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}; default auto
 * @param model the network
 * @param loss the loss
 * @param data the data sets
 * @param optimizers the optimizers
 * @param runner what is counted, and how far
 * @param workflow the round of flows
 * @param schedules learning rates and momenta
 * @param step how iterations are computed and become updates
 * @param resume what the run begins with
 * @param speed switches that change no meaning
 * @param checkpoint the saving, null for none
 * @param evaluations how often to evaluate, what, and on which data; may be empty
 * @param loggers where logs go
 * @param customHooks the rest
 */
record ExperimentSpec(
    long seed,
    String device,
    ModelSpec model,
    LossSpec loss,
    DataSection data,
    OptimizerSection optimizers,
    RunnerSpec runner,
    Workflow workflow,
    ScheduleSection schedules,
    StepSection step,
    ResumeSection resume,
    SpeedSection speed,
    @Nullable CheckpointHook checkpoint,
    List<EvaluationSection> evaluations,
    List<Hook> loggers,
    List<HooksSection.Custom> customHooks) {

  /** What the data sections have loaders for. */
  private static final Set<Mode> MODES = Set.of(Mode.TRAIN, Mode.VAL, new Mode(DataSection.TEST));

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
    ConfigReader modelConfig = root.section("model");
    Optional<BatchMix> mix = AugmentsSection.read(root, modelConfig);
    Optional<ModelSpec> model = components.models().build(modelConfig);
    Optional<LossSpec> loss =
        root.optionalSection("loss")
            .map(components.losses()::build)
            .orElse(Optional.of(CrossEntropyLoss::hard))
            .map(l -> mix.isPresent() ? AugmentsSection.forMixedLabels(l) : l);
    OptimizerSection optimizers = OptimizerSection.read(root, components.optimizers());
    Optional<RunnerSpec> runner = components.runners().build(root.section("runner"));
    Every.Unit unit = runner.map(RunnerSpec::unit).orElse(Every.Unit.EPOCH);
    List<EvaluationSection> evaluations = EvaluationSection.read(root, unit);
    Optional<DataSection> data =
        DataSection.read(
                root.section("data"),
                components,
                seed,
                evaluations.stream().map(EvaluationSection::data).toList())
            .map(d -> d.mixedBy(mix.orElse(null)));
    Optional<Workflow> workflow = WorkflowConfig.read(root, MODES);
    ScheduleSection schedules = ScheduleSection.read(root, unit, optimizers.names());
    StepSection step = StepSection.read(root, UpdateSection.read(root));
    ResumeSection resume = ResumeSection.read(root);
    SpeedSection speed = SpeedSection.read(root);
    Optional<CheckpointHook> checkpoint =
        root.optionalSection("checkpoint_config").map(c -> CheckpointSection.read(c, unit));
    List<Hook> loggers = HooksSection.loggers(root.optionalSection("log_config"), unit);
    List<HooksSection.Custom> custom =
        HooksSection.custom(root.sections("custom_hooks"), components.hooks());
    data.ifPresent(d -> requireData(root, d, evaluations, workflow));
    schedules.requireWatched(root, !evaluations.isEmpty(), workflow);
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
            optimizers,
            runner.orElseThrow(),
            workflow.orElseThrow(),
            schedules,
            step,
            resume,
            speed,
            checkpoint.orElse(null),
            evaluations,
            loggers,
            custom));
  }

  /** The names of the data sets that a run evaluates on; validation data is always one of them. */
  Set<String> evaluatedData() {
    Set<String> names = new LinkedHashSet<>();
    if (data.val() != null) {
      names.add(DataSection.VAL);
    }
    evaluations.forEach(evaluation -> names.add(evaluation.data()));
    workflow.flows().stream()
        .map(flow -> flow.mode().name())
        .filter(DataSection.TEST::equals)
        .forEach(names::add);
    return names;
  }

  private static void requireData(
      ConfigReader root,
      DataSection data,
      List<EvaluationSection> evaluations,
      Optional<Workflow> workflow) {
    for (EvaluationSection evaluation : evaluations) {
      // Training data is refused already.
      if (!evaluation.data().equals(Mode.TRAIN.name())) {
        requireData(root, data, evaluation.path(), evaluation.data());
      }
    }
    for (String name : List.of(DataSection.VAL, DataSection.TEST)) {
      boolean used =
          workflow.stream()
              .flatMap(w -> w.flows().stream())
              .anyMatch(flow -> flow.mode().name().equals(name));
      if (used) {
        requireData(root, data, "workflow", name);
      }
    }
  }

  private static void requireData(ConfigReader root, DataSection data, String path, String name) {
    String kind = name.equals(DataSection.VAL) ? "a validation data set" : "a data set";
    root.require(
        data.evaluated().containsKey(name),
        path,
        "needs " + kind + ", but data." + name + " is missing");
  }
}
