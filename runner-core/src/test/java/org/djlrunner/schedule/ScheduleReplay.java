package org.djlrunner.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;

/** A recorded case done again with our reader, hooks and runners. */
final class ScheduleReplay {
  /** What a training iteration saw: counters, and values by the vectors' names. */
  record Row(int epoch, int iter, int innerIter, Map<String, Double> values) {}

  private final Case recorded;
  private final ScheduleCase inputs;
  private final Map<String, FakeOptimizer> optimizers;
  private final @Nullable LrSchedule lr;
  private final @Nullable MomentumSchedule momentum;

  /**
   * Reads the case's configs.
   *
   * @throws org.djlrunner.config.ConfigException if one of them is refused
   */
  ScheduleReplay(Case recorded) {
    this.recorded = recorded;
    this.inputs = new ScheduleCase(recorded);
    this.optimizers = inputs.optimizers();
    ConfigErrors errors = new ConfigErrors();
    ObjectNode both = JsonNodeFactory.instance.objectNode();
    both.set(
        "lr_config", recorded.at("lr_config").isMissingNode() ? null : recorded.at("lr_config"));
    both.set(
        "momentum_config",
        recorded.at("momentum_config").isMissingNode() ? null : recorded.at("momentum_config"));
    ConfigReader config = Config.parse(both.toString(), "case.json").reader(errors);
    // MMCV's default is by_epoch: true, whatever the runner counts.
    lr =
        config
            .optionalSection("lr_config")
            .flatMap(section -> LrConfig.read(section, Every.Unit.EPOCH))
            .map(LrSchedule.class::cast)
            .orElse(null);
    momentum =
        config
            .optionalSection("momentum_config")
            .flatMap(section -> MomentumConfig.read(section, Every.Unit.EPOCH))
            .orElse(null);
    errors.throwIfAny();
  }

  /** The rows of the whole run, or of the recorded points where the run begins in the middle. */
  List<Row> rows() {
    return inputs.startsInTheMiddle() ? previewed() : run();
  }

  private List<Row> run() {
    List<Row> rows = new ArrayList<>();
    FakeStep step = new FakeStep();
    Runner<FakeBatch> runner =
        inputs.countsEpochs()
            ? built(EpochBasedRunner.builder(step, inputs.limit()))
            : built(IterBasedRunner.builder(step, inputs.limit()));
    Optional.ofNullable(lr).map(LrUpdaterHook::new).ifPresent(runner::registerHook);
    Optional.ofNullable(momentum).map(MomentumUpdaterHook::new).ifPresent(runner::registerHook);
    runner.registerHook(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            Progress progress = context.progress();
            rows.add(new Row(progress.epoch(), progress.iter(), progress.innerIter(), values()));
          }
        },
        Priority.LOWEST);
    List<Flow> flows = new ArrayList<>();
    for (JsonNode flow : recorded.at("workflow")) {
      flows.add(new Flow(new Mode(flow.get(0).asText()), flow.get(1).asInt()));
    }
    List<FakeLoader> loaders = new ArrayList<>();
    recorded.at("loader_lengths").forEach(length -> loaders.add(FakeLoader.of(length.asInt())));
    runner.run(loaders, new Workflow(flows));
    return rows;
  }

  private <R extends Runner<FakeBatch>> Runner<FakeBatch> built(
      RunnerBuilder<FakeBatch, R> builder) {
    optimizers.forEach(builder::optimizer);
    return builder.build();
  }

  /** A runner can't begin in the middle; a schedule needs none to be asked. */
  private List<Row> previewed() {
    List<Row> rows = new ArrayList<>();
    int iter = recorded.at("start").path("iter").asInt();
    int epoch = recorded.at("start").path("epoch").asInt();
    for (int length : inputs.lengthsFromStart()) {
      for (int inner = 0; inner < length; inner++) {
        Moment moment =
            new Moment(
                epoch,
                iter,
                OptionalInt.of(inputs.epochLength()),
                inputs.countsEpochs() ? OptionalInt.of(inputs.limit()) : OptionalInt.empty(),
                OptionalInt.of(inputs.plannedIters()));
        optimizers.forEach((name, optimizer) -> set(name, optimizer, moment));
        rows.add(new Row(epoch, iter, inner, values()));
        iter++;
      }
      epoch++;
    }
    return rows;
  }

  private void set(String name, FakeOptimizer optimizer, Moment moment) {
    boolean only = optimizers.size() == 1;
    for (int i = 0; i < optimizer.paramGroups().size(); i++) {
      ParamGroup group = optimizer.paramGroups().get(i);
      if (lr != null) {
        Timeline line = lr.timeline(GroupBases.learningRates(name, optimizer, only));
        line.check(moment);
        group.setLr(line.values(moment)[i]);
      }
      if (momentum != null) {
        Timeline line = momentum.timeline(GroupBases.momenta(name, optimizer, only));
        line.check(moment);
        group.setMomentum(line.values(moment)[i]);
      }
    }
  }

  private Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) -> {
          String of = name.equals(RunnerBuilder.DEFAULT_OPTIMIZER) ? "" : "." + name;
          for (int i = 0; i < optimizer.paramGroups().size(); i++) {
            ParamGroup group = optimizer.paramGroups().get(i);
            String index = of + "[" + i + "]";
            values.put("lr" + index, group.lr());
            if (optimizer.kind().startsWith("Adam")) {
              values.put("beta2" + index, group.option("beta2"));
            }
            int at = i;
            group
                .momentum()
                .ifPresent(
                    value ->
                        values.put(
                            (optimizer.kind().startsWith("Adam") ? "beta1" : "momentum")
                                + of
                                + "["
                                + at
                                + "]",
                            value));
          }
        });
    return values;
  }
}
