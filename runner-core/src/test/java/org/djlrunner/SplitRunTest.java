package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.EarlyStopping;
import org.djlrunner.hook.EarlyStoppingHook;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.schedule.CosineAnnealing;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Target;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.TinyModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is stopped anywhere and resumed does what an uninterrupted one does. */
class SplitRunTest {
  private static final int PASS = 5;

  @TempDir private Path folder;

  /** A way to run, and where to cut it. */
  record Cut(String name, boolean byEpoch, Workflow workflow, int limit, Stage stage, int iter) {
    @Override
    public String toString() {
      return name + ", stopped at " + stage + " " + iter;
    }
  }

  /** What a run did and where it ended. */
  private record Transcript(List<String> stages, List<String> records, double weight) {}

  static Stream<Cut> cuts() {
    return Stream.of(
            new Cut("epochs", true, Workflow.training(), 4, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("rounds", true, round(2, 1), 4, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("long rounds", true, round(3, 2), 4, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("iterations", false, Workflow.training(), 20, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("short turns", false, round(3, 2), 20, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("long turns", false, round(7, 9), 20, Stage.AFTER_TRAIN_ITER, 0),
            new Cut("two sets", false, sets(), 20, Stage.AFTER_TRAIN_ITER, 0))
        .flatMap(
            kind ->
                Stream.of(
                        Stage.AFTER_TRAIN_ITER,
                        Stage.AFTER_TRAIN_EPOCH,
                        Stage.BEFORE_TRAIN_EPOCH,
                        Stage.AFTER_VAL_ITER,
                        Stage.AFTER_VAL_EPOCH)
                    .flatMap(
                        stage ->
                            IntStream.rangeClosed(
                                    stage == Stage.BEFORE_TRAIN_EPOCH ? 2 : 1,
                                    stage == Stage.AFTER_TRAIN_ITER ? 20 : 4)
                                .mapToObj(
                                    n ->
                                        new Cut(
                                            kind.name(),
                                            kind.byEpoch(),
                                            kind.workflow(),
                                            kind.limit(),
                                            stage,
                                            n))));
  }

  private static Workflow round(int train, int val) {
    return Workflow.of(Flow.train(train), Flow.val(val));
  }

  private static Workflow sets() {
    return Workflow.of(Flow.train(3), Flow.val(1), Flow.train(2));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @DisplayName("K05 K06 interrupted and resumed is the same as uninterrupted, wherever it is cut")
  void split(Cut cut) {
    Transcript whole = run(cut, folder.resolve("whole"), List.of(), null);
    Transcript first =
        run(cut, folder.resolve("split"), List.of(stopAt(cut.stage(), cut.iter())), null);
    Path checkpoint = folder.resolve("split").resolve(newest(folder.resolve("split")));
    Transcript rest = run(cut, folder.resolve("rest"), List.of(), checkpoint);

    assertThat(rest.weight()).isEqualTo(whole.weight());
    assertContinues(whole.stages(), first.stages(), rest.stages());
    assertContinues(whole.records(), first.records(), rest.records());
  }

  /** What the stop cut short, such as a validation, was begun in vain and is done again. */
  private static void assertContinues(List<String> whole, List<String> first, List<String> rest) {
    int cutAt = whole.size() - rest.size();
    assertThat(rest).isEqualTo(whole.subList(cutAt, whole.size()));
    assertThat(first.subList(0, cutAt)).isEqualTo(whole.subList(0, cutAt));
  }

  private static String newest(Path folder) {
    try {
      return Files.readString(folder.resolve("latest")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the run at the n-th call of a stage. */
  private static Hook stopAt(Stage stage, int n) {
    int[] calls = {0};
    return Hook.at(
        stage,
        context -> {
          if (++calls[0] == n) {
            context.requestStop("cut");
          }
        });
  }

  private static Transcript run(Cut cut, Path workDir, List<Hook> more, @Nullable Path resume) {
    TinyModel model = new TinyModel(0.05);
    RunnerBuilder<FakeBatch, ? extends Runner<FakeBatch>> builder =
        cut.byEpoch()
            ? EpochBasedRunner.builder(model, cut.limit())
            : IterBasedRunner.builder(model, cut.limit());
    builder.optimizer(model).checkpointCodec(model).workDir(workDir);
    if (resume != null) {
      builder.resume(resume);
    }
    Runner<FakeBatch> runner = builder.build();
    List<String> stages = new ArrayList<>();
    List<String> records = new ArrayList<>();
    runner.registerHook(
        new LrUpdaterHook(new LrSchedule(new CosineAnnealing(Target.value(0)), Every.Unit.ITER)));
    runner.registerHook(new OptimizerHook(UpdateSettings.PLAIN.cumulativeIters(3)));
    runner.registerHook(new EvalHook<>(model, FakeLoader.of(3), Every.iters(4)));
    runner.registerHook(new EarlyStoppingHook(EarlyStopping.on("accuracy").patience(1000)));
    runner.registerHook(new CheckpointHook(new Every(0, Every.Unit.EPOCH)));
    runner.registerHook(logger(3, Every.Unit.EPOCH, records));
    runner.registerHook(logger(7, Every.Unit.ITER, records));
    for (Stage stage : Stage.values()) {
      if (stage != Stage.BEFORE_RUN && stage != Stage.AFTER_RUN) {
        runner.registerHook(Hook.at(stage, context -> stages.add(place(stage, context))));
      }
    }
    more.forEach(runner::registerHook);
    List<FakeLoader> loaders = new ArrayList<>();
    for (Flow flow : cut.workflow().flows()) {
      loaders.add(FakeLoader.of(flow.mode().equals(Mode.TRAIN) ? PASS : 4));
    }
    runner.run(loaders, cut.workflow());
    return new Transcript(stages, records, model.weight());
  }

  private static String place(Stage stage, HookContext context) {
    Progress progress = context.progress();
    String batch =
        stage.name().endsWith("ITER")
            ? " "
                + ((FakeBatch) context.batch()).pass()
                + "/"
                + ((FakeBatch) context.batch()).index()
            : "";
    return stage
        + " "
        + progress.epoch()
        + " "
        + progress.iter()
        + batch
        + " "
        + context.learningRates();
  }

  private static LoggerHook logger(int interval, Every.Unit unit, List<String> records) {
    return new LoggerHook(
        interval,
        unit,
        false,
        context ->
            new LogSink() {
              @Override
              public void write(LogRecord record) {
                records.add(
                    record.mode()
                        + " "
                        + record.epoch()
                        + " "
                        + record.iter()
                        + " "
                        + record.learningRates()
                        + " "
                        + Map.copyOf(record.values()));
              }
            });
  }
}
