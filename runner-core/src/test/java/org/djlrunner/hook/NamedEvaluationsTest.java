package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.spi.Evaluation;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several evaluations side by side, and what one leaves besides its numbers. */
@DisplayName("V08 named evaluations")
class NamedEvaluationsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;
  private final FakeStep step =
      new FakeStep()
          .logging(
              (mode, batch) ->
                  Map.of("loss", Scalar.of(mode.equals(Mode.VAL) ? batch.index() : 9)));
  private final RecordingSink sink = new RecordingSink();
  private final List<String> details = new ArrayList<>();

  private EvalHook<FakeBatch> evaluation(String name, int batches, EvalSchedule schedule) {
    return new EvalHook<>(name, new EvaluationPass<>(step, FakeLoader.of(batches)), schedule);
  }

  private RunResult run(int epochs, Hook... hooks) {
    var runner =
        EpochBasedRunner.builder(step, epochs)
            .workDir(folder)
            .optimizer(new FakeOptimizer(0.1))
            .build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.registerHook(sink.everyIteration());
    return runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  @Test
  @DisplayName("V08 each has its own data and schedule; its name is in front of its results")
  void sideBySide() {
    RunResult result =
        run(
            2,
            evaluation("clean", 3, EvalSchedule.every(Every.epochs(1))),
            evaluation("other", 5, EvalSchedule.every(Every.epochs(2))),
            evaluation("", 1, EvalSchedule.every(Every.epochs(2))));
    assertThat(result.metrics())
        .isEqualTo(Map.of("clean/loss", 1.0, "other/loss", 2.0, "loss", 0.0));
    assertThat(sink.records())
        .filteredOn(r -> r.mode().equals(Mode.VAL))
        .extracting(LogRecord::epoch, LogRecord::iter, r -> r.values().keySet().toString())
        .containsExactly(
            tuple(1, 3, "[clean/loss]"),
            tuple(2, 3, "[clean/loss]"),
            tuple(2, 5, "[other/loss]"),
            tuple(2, 1, "[loss]"));
  }

  @Test
  @DisplayName("V08 who watches one evaluation is not troubled by another that comes earlier")
  void watched() {
    RunResult stopped =
        run(
            9,
            evaluation("clean", 3, EvalSchedule.every(Every.epochs(1))),
            evaluation("other", 5, EvalSchedule.every(Every.epochs(2))),
            new EarlyStoppingHook(EarlyStopping.on("other/loss").patience(2)));
    assertThat(stopped.progress().epoch()).isEqualTo(6);

    run(
        3,
        evaluation("clean", 3, EvalSchedule.every(Every.epochs(1))),
        evaluation("other", 5, EvalSchedule.every(Every.epochs(2))),
        new ReduceLrOnPlateauHook(Plateau.of("other/loss", Plateau.Mode.MIN)));
  }

  @Test
  @DisplayName("V08 a name that no evaluation has is told as ever")
  void unknown() {
    assertThatThrownBy(
            () ->
                run(
                    2,
                    evaluation("clean", 3, EvalSchedule.every(Every.epochs(1))),
                    new EarlyStoppingHook(EarlyStopping.on("claen/loss"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did you mean 'clean/loss'");
    assertThatThrownBy(
            () ->
                run(
                    2,
                    evaluation("clean", 3, EvalSchedule.every(Every.epochs(1))),
                    new ReduceLrOnPlateauHook(Plateau.of("claen/loss", Plateau.Mode.MIN))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did you mean 'clean/loss'");
  }

  @Test
  @DisplayName("V08 a name that can't be part of a file's is refused")
  void refused() {
    assertThatThrownBy(() -> evaluation("a/b", 1, EvalSchedule.every(Every.epochs(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a/b'");
  }

  @Test
  @DisplayName("V11 details are a file for each evaluation and a table in the log")
  void files() throws IOException {
    run(1, detailed("", EvalSchedule.from(0, Every.epochs(1))), tables());
    run(1, detailed("clean", EvalSchedule.every(Every.iters(2))));

    Path written = folder.resolve("evaluation");
    try (var files = Files.list(written)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("epoch_0.json", "epoch_1.json", "clean_iter_2.json");
    }
    JsonNode last = JSON.readTree(written.resolve("epoch_1.json").toFile());
    assertThat(last)
        .isEqualTo(
            JSON.readTree(
                """
                {"evaluation": "", "epoch": 1, "step": 2,
                 "results": {"loss": 0.5, "recall": 50.0}, "classes": ["a", "b"]}
                """));
    assertThat(
            JSON.readTree(written.resolve("clean_iter_2.json").toFile())
                .path("evaluation")
                .asText())
        .isEqualTo("clean");
    assertThat(details).containsExactly("class  recall", "class  recall");
  }

  @Test
  @DisplayName("V11 a file that can't be written ends no run")
  void unwritable() throws IOException {
    Files.createFile(folder.resolve("evaluation"));
    RunResult result = run(1, detailed("", EvalSchedule.every(Every.epochs(1))));
    assertThat(result.metrics()).containsEntry("recall", 50.0);
    assertThat(sink.notes())
        .anyMatch(note -> note.startsWith("WARNING: the evaluation's details can't be written"));
  }

  private EvalHook<FakeBatch> detailed(String name, EvalSchedule schedule) {
    return new EvalHook<>(
        name,
        new EvaluationPass<>(step, FakeLoader.of(2), NamedEvaluationsTest::withDetails),
        schedule);
  }

  private Hook tables() {
    return Hook.at(
        Stage.BEFORE_RUN,
        context ->
            context
                .logs()
                .subscribe(
                    new LogSink() {
                      @Override
                      public void write(LogRecord record) {}

                      @Override
                      public void detail(String line) {
                        details.add(line);
                      }
                    }));
  }

  private static Evaluation withDetails() {
    return new Evaluation() {
      @Override
      public Map<String, Double> compute() {
        return Map.of("recall", 50.0);
      }

      @Override
      public Map<String, Object> details() {
        return Map.of("classes", List.of("a", "b"));
      }

      @Override
      public List<String> table() {
        return List.of("class  recall");
      }

      @Override
      public void close() {}
    };
  }
}
