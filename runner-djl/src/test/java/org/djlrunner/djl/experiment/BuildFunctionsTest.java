package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.RunResult;
import org.djlrunner.Runner;
import org.djlrunner.StopReason;
import org.djlrunner.Workflow;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.EarlyStoppingHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.spi.Optimizer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of a run, each built from a map, and runs that configs limit. */
class BuildFunctionsTest {
  @TempDir private Path folder;

  /** What a library adds by itself: META-INF/services of the tests names it. */
  public static final class Provided implements ComponentProvider {
    @Override
    public void addTo(Components components) {
      components
          .hooks()
          .child("tests")
          .register("Nothing", config -> parts -> new RecordedHooks.AnyHook());
    }
  }

  @Test
  @DisplayName("C07 runner, optimizer, loader and hook are built from maps, and train")
  void parts() {
    Components components = Components.shipped();
    LeNet5 network = new LeNet5(10);
    try (DjlModelStep<ImageBatch> model =
            new DjlModelStep<>(
                network, CrossEntropyLoss.hard(), Device.cpu(), 0, network.inputShape());
        ImageLoader loader =
            components.buildDataLoader(
                model,
                Map.of("type", "Glyphs", "size", 20),
                Map.of("samples_per_gpu", 8, "drop_last", true));
        Optimizer sgd =
            components.buildOptimizer(model, Map.of("type", "SGD", "lr", 0.1, "momentum", 0.9))) {
      Runner<ImageBatch> runner =
          components
              .buildRunner(model, Map.of("type", "IterBasedRunner", "max_iters", 3))
              .optimizer(sgd)
              .build();
      assertThat(runner).isInstanceOf(IterBasedRunner.class);
      runner.registerHook(new OptimizerHook());
      runner.registerHook(
          components.buildHook(
              new TrainingParts(model, Map.of("default", sgd), loader, null),
              Map.of("type", "EarlyStoppingHook", "monitor", "loss", "patience", 2)));
      assertThat(runner.hooks())
          .hasOnlyElementsOfTypes(OptimizerHook.class, EarlyStoppingHook.class);
      assertThat(runner.currentLr()).containsValue(List.of(0.1));
      assertThat(runner.currentMomentum()).containsValue(List.of(0.9));
      RunResult result = runner.run(List.of(loader), Workflow.of(Flow.train(1)));
      assertThat(result.progress().iter()).isEqualTo(3);
      assertThat(result.progress().epoch()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("C02 C07 what is wrong in a map is said with near names")
  void wrong() {
    assertThatThrownBy(
            () ->
                Components.shipped()
                    .runners()
                    .build(Map.of("type", "EpochBaseRunner", "max_epochs", 1), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown runner 'EpochBaseRunner', did you mean 'EpochBasedRunner'?");
  }

  @Test
  @DisplayName("C06 providers on the class path add what configs can name")
  void provider() {
    Config config =
        Config.parse(SmallConfig.EPOCHS, "small.yaml")
            .with(List.of("custom_hooks=[{type: tests.Nothing}]"));
    assertThat(Experiment.read(config).plan().lines()).isNotEmpty();
    assertThat(Components.discovered().hooks().providerOf("tests.Nothing").orElseThrow())
        .startsWith(Provided.class.getName() + " in ");
    assertThatThrownBy(() -> Experiment.read(config, Components.shipped()))
        .hasMessageContaining("unknown scope 'tests'");
  }

  @Test
  @DisplayName("R24 E01 a config limits a run by time, and ends it early")
  void limited() {
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml");
    RunResult timed =
        Experiment.read(config.with(List.of("runner.max_duration=0.000001")))
            .run(folder, "small.yaml");
    assertThat(timed.stopReason()).isInstanceOf(StopReason.TimeUp.class);
    assertThat(timed.progress().iter()).isZero();
    RunResult stopped =
        Experiment.read(
                config.with(
                    List.of(
                        "runner.max_epochs=9",
                        "custom_hooks=[{type: EarlyStoppingHook, monitor: loss, threshold: 99}]")))
            .run(folder, "small.yaml");
    assertThat(stopped.stopReason().toString()).contains("loss reached");
    assertThat(stopped.progress().epoch()).isEqualTo(1);
  }

  @Test
  @DisplayName("R24 C01 lengths of time are read as people write them")
  void durations() {
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml");
    assertThat(Experiment.read(config.with(List.of("runner.max_duration=1h30m"))).plan().lines())
        .first()
        .asString()
        .endsWith("at most 5400 s");
    assertThatThrownBy(() -> Experiment.read(config.with(List.of("runner.max_duration=soon"))))
        .hasMessageContaining("runner.max_duration: expected seconds or a time such as 1h30m");
    assertThatThrownBy(() -> Experiment.read(config.with(List.of("runner.max_duration=0"))))
        .hasMessageContaining("must be above zero");
  }

  @Test
  @DisplayName("R08 whoever holds the experiment can stop it, before it begins too")
  void stopped() {
    Experiment experiment = Experiment.read(Config.parse(SmallConfig.EPOCHS, "small.yaml"));
    experiment.requestStop("not now");
    RunResult result = experiment.run(folder, "small.yaml");
    assertThat(result.stopReason()).isEqualTo(new StopReason.Requested("not now"));
    assertThat(result.progress().iter()).isZero();
  }
}
