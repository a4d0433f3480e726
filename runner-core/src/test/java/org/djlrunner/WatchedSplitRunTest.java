package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.EarlyStopping;
import org.djlrunner.hook.EarlyStoppingHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.ReduceLrOnPlateauHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.schedule.PerGroup;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.TinyModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks that watch training go on, after a resume, as if there had been none. */
class WatchedSplitRunTest {
  private static final int PASS = 5;
  private static final int EPOCHS = 4;

  @TempDir private Path folder;

  /** A mean's window, and the iteration after which the run is cut. */
  record Cut(int interval, int iter) {}

  /** What a run did: rates by iteration, where it ended and why, what its hooks know. */
  private record Transcript(List<String> rates, String end, List<Object> states) {}

  static Stream<Cut> cuts() {
    return Stream.of(0, 1, 3, 7)
        .flatMap(
            interval ->
                IntStream.range(1, PASS * EPOCHS).mapToObj(iter -> new Cut(interval, iter)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  @DisplayName("H20 K05 rates, best values and counts are those of an uninterrupted run")
  void split(Cut cut) throws IOException {
    Transcript whole = run(cut, folder.resolve("whole"), List.of(), null);
    Hook stop =
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              if (context.progress().iter() + 1 == cut.iter()) {
                context.requestStop("cut");
              }
            });
    Path split = folder.resolve("split");
    Transcript first = run(cut, split, List.of(stop), null);
    assertThat(first.rates()).hasSize(Math.min(cut.iter(), whole.rates().size()));
    if (first.rates().size() == whole.rates().size()) {
      return; // The run had ended by itself.
    }
    Path checkpoint = split.resolve(Files.readString(split.resolve("latest")).strip());
    Transcript rest = run(cut, folder.resolve("rest"), List.of(), checkpoint);

    assertThat(first.rates()).isEqualTo(whole.rates().subList(0, cut.iter()));
    assertThat(rest.rates()).isEqualTo(whole.rates().subList(cut.iter(), whole.rates().size()));
    assertThat(rest.end()).isEqualTo(whole.end());
    assertThat(rest.states()).isEqualTo(whole.states());
  }

  private static Transcript run(Cut cut, Path workDir, List<Hook> more, @Nullable Path resume) {
    TinyModel model = new TinyModel(0.05);
    var builder =
        EpochBasedRunner.builder(model, EPOCHS)
            .optimizer(model)
            .checkpointCodec(model)
            .workDir(workDir);
    if (resume != null) {
      builder.resume(resume);
    }
    Runner<FakeBatch> runner = builder.build();
    ReduceLrOnPlateauHook plateau = new ReduceLrOnPlateauHook(plateau(cut.interval()));
    // Two of a kind: each has a memory of its own.
    EarlyStoppingHook loss = new EarlyStoppingHook(stopping("train/loss", 6, cut.interval()));
    EarlyStoppingHook number = new EarlyStoppingHook(stopping("train/number", 9, 2));
    runner.registerHook(plateau);
    runner.registerHook(new OptimizerHook());
    runner.registerHook(loss);
    runner.registerHook(number);
    runner.registerHook(new CheckpointHook(new Every(0, Every.Unit.EPOCH)));
    List<String> rates = new ArrayList<>();
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              context.logBuffer().update("number", -context.progress().iter());
              rates.add(context.progress().iter() + " " + context.learningRates());
            }));
    more.forEach(runner::registerHook);
    RunResult result = runner.run(List.of(FakeLoader.of(PASS)), Workflow.training());
    return new Transcript(
        rates,
        result.progress() + " " + result.stopReason(),
        List.of(Map.copyOf(plateau.state()), loss.state(), number.state()));
  }

  private static EarlyStopping stopping(String monitor, int patience, int interval) {
    return new EarlyStopping(
        monitor, EarlyStopping.Rule.LESS, patience, 0, OptionalDouble.empty(), true, interval);
  }

  private static Plateau plateau(int interval) {
    return new Plateau(
        "train/loss",
        Plateau.Mode.MIN,
        0.5,
        0,
        1e-4,
        Plateau.ThresholdMode.REL,
        1,
        new PerGroup.Same(1e-4),
        0,
        null,
        interval);
  }
}
