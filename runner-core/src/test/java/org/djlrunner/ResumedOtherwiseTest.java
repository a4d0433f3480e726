package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.djlrunner.checkpoint.ResumeFrom;
import org.djlrunner.checkpoint.WeightMatch;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.spi.WeightLoading;
import org.djlrunner.spi.WeightLoading.Revision;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.TinyModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on from a checkpoint of a run that was not quite like them. */
class ResumedOtherwiseTest {
  @TempDir private Path folder;
  private final RecordingSink sink = new RecordingSink();
  private final List<String> seen = new ArrayList<>();

  private RunResult run(
      boolean byEpoch,
      TinyModel model,
      int limit,
      int window,
      Consumer<RunnerBuilder<FakeBatch, ?>> more) {
    RunnerBuilder<FakeBatch, ? extends Runner<FakeBatch>> builder =
        byEpoch ? EpochBasedRunner.builder(model, limit) : IterBasedRunner.builder(model, limit);
    more.accept(builder.optimizer(model).checkpointCodec(model).workDir(folder));
    Runner<FakeBatch> runner = builder.build();
    runner.registerHook(new OptimizerHook(UpdateSettings.PLAIN.cumulativeIters(window)));
    runner.registerHook(new CheckpointHook(Every.iters(1)));
    runner.registerHook(Hook.at(Stage.BEFORE_RUN, c -> c.logs().subscribe(sink)));
    for (Stage stage :
        List.of(Stage.BEFORE_TRAIN_EPOCH, Stage.AFTER_TRAIN_ITER, Stage.AFTER_TRAIN_EPOCH)) {
      runner.registerHook(
          Hook.at(
              stage,
              c ->
                  seen.add(
                      stage
                          + " "
                          + c.progress().epoch()
                          + (stage == Stage.AFTER_TRAIN_ITER
                              ? "/" + ((FakeBatch) c.batch()).index()
                              : ""))));
    }
    return runner.run(List.of(FakeLoader.of(5)), Workflow.training());
  }

  private Path checkpoint(boolean byEpoch, int iter, int window) {
    run(byEpoch, new TinyModel(0.05), byEpoch ? 2 : 10, window, builder -> {});
    seen.clear();
    return folder.resolve("iter_" + iter + ".json");
  }

  @Test
  @DisplayName("K08 an epoch of which no batch is left after scaling goes on; it doesn't end")
  void scaledToNothing() {
    Path file = checkpoint(false, 6, 1);
    run(false, new TinyModel(0.05), 8, 1, builder -> builder.worldSize(2).resume(file));
    assertThat(seen.subList(0, 6))
        .containsExactly(
            "after_train_iter 1/0",
            "after_train_iter 1/1",
            "after_train_iter 1/2",
            "after_train_iter 1/3",
            "after_train_iter 1/4",
            "after_train_epoch 1");
  }

  @Test
  @DisplayName("K22 a run by iterations doesn't take the place of one by epochs for its own")
  void epochsToIterations() {
    Path file = checkpoint(true, 7, 1);
    run(false, new TinyModel(0.05), 9, 1, builder -> builder.resume(file));
    assertThat(seen.subList(0, 3))
        .containsExactly("before_train_epoch 1", "after_train_iter 1/0", "after_train_iter 1/1");
    assertThat(sink.notes())
        .anyMatch(note -> note.contains("which counts other units: a round begins anew"));
  }

  @Test
  @DisplayName("K22 a run by epochs doesn't take the place of one by iterations for its own")
  void iterationsToEpochs() {
    Path file = checkpoint(false, 7, 1);
    RunResult result = run(true, new TinyModel(0.05), 2, 1, builder -> builder.resume(file));
    assertThat(seen).startsWith("before_train_epoch 1", "after_train_iter 1/0").hasSize(7);
    assertThat(result.progress().iter()).isEqualTo(12);
  }

  @Test
  @DisplayName("K06 a window whose gradients are left aside with the optimizer begins anew")
  void windowWithoutGradients() {
    Path file = checkpoint(true, 7, 3);
    TinyModel model = new TinyModel(0.05);
    ResumeFrom from = new ResumeFrom(file, false, ResumeFrom.Hyperparameters.CONFIG);
    run(true, model, 2, 3, builder -> builder.resume(from));
    assertThat(seen).contains("after_train_iter 1/2", "after_train_iter 1/4");
    double start = weightIn(file);
    // One update, at the end of the pass, with the mean over its last three batches.
    double slope = 0;
    for (int batch = 2; batch < 5; batch++) {
      slope += 2 * (start - Math.sin(17.0 + batch)) / 3;
    }
    assertThat(model.weight()).isCloseTo(start - 0.05 * slope, within(1e-12));
  }

  private static double weightIn(Path file) {
    TinyModel model = new TinyModel(0.05);
    try {
      model.loadWeights(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return model.weight();
  }

  @Test
  @DisplayName("K25 what fits is loaded, the rest is told; strict loading refuses it")
  void lenient() throws IOException {
    Path file = folder.resolve("weights.json");
    Files.writeString(file, "{\"model\": {\"module.weight\": 3.5, \"head\": \"x\"}}");
    TinyModel model = new TinyModel(0.1);
    assertThatThrownBy(() -> model.loadWeights(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("doesn't fit the model:\n  - unexpected: head");
    assertThat(model.weight()).isEqualTo(1);
    assertThat(model.loadWeights(file, WeightLoading.LENIENT)).containsExactly("unexpected: head");
    assertThat(model.weight()).isEqualTo(3.5);
  }

  @Test
  @DisplayName("K25 a file of which nothing fits is refused also where not all needs to")
  void nothingFits() throws IOException {
    Path file = folder.resolve("weights.json");
    Files.writeString(file, "{\"model\": {\"head\": \"x\"}}");
    assertThatThrownBy(() -> new TinyModel(0.1).loadWeights(file, WeightLoading.LENIENT))
        .hasMessageContaining("has no weight that fits the model:\n  - missing: weight number");
  }

  @Test
  @DisplayName("K26 names are revised one after the other, then the prefix goes")
  void names() {
    WeightLoading loading =
        new WeightLoading(
            true,
            List.of(Revision.of("^module\\.", ""), Revision.of("layer(\\d)", "stage\\1")),
            "backbone");
    Map<String, String> model = Map.of("stage1.weight", "(2)", "bias", "(1)");
    Map<String, String> file =
        Map.of("module.backbone.layer1.weight", "(2)", "backbone.bias", "(3)", "head.bias", "(9)");
    assertThat(WeightMatch.of(model, file, loading))
        .isEqualTo(
            new WeightMatch(
                Map.of("stage1.weight", "module.backbone.layer1.weight"),
                List.of("bias (backbone.bias in the file) is (3), the model has (1)")));
  }

  @Test
  @DisplayName("K26 two names that become one are told, and so is a group that a pattern lacks")
  void ambiguous() {
    assertThat(
            WeightMatch.of(
                    Map.of("a", "(1)"), Map.of("a", "(1)", "module.a", "(1)"), WeightLoading.STRICT)
                .problems())
        .containsExactly("both a and module.a would be a");
    assertThatThrownBy(() -> Revision.of("a", "$1"))
        .hasMessage("'$1' names a group that 'a' doesn't have");
  }
}
