package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.ScriptedResults;
import org.djlrunner.testkit.StoredCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a checkpoint hook leaves: the newest ones, the best ones, and never others'. */
class KeptCheckpointsTest {
  private static final CheckpointSettings EACH = CheckpointSettings.at(Every.epochs(1));

  @TempDir private Path root;
  private final StoredCodec codec = new StoredCodec();
  private final RecordingSink log = new RecordingSink();

  private Path work() {
    return root.resolve("work");
  }

  /** Runs epochs {@code from} to {@code to}, of two iterations each. */
  private void run(Path folder, int from, int to, Hook... hooks) {
    Runner<FakeBatch> runner =
        EpochBasedRunner.builder(new FakeStep(), to)
            .optimizer(new FakeOptimizer(0.1))
            .workDir(folder)
            .checkpointCodec(codec)
            .startAt(from, 2 * from)
            .build();
    runner.registerHook(
        Hook.at(Stage.BEFORE_RUN, context -> context.logs().subscribe(log)), Priority.HIGHEST);
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  private void run(int from, int to, Hook... hooks) {
    run(work(), from, to, hooks);
  }

  private static List<String> files(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !Set.of(CheckpointIndex.FILE, CheckpointStore.LATEST).contains(name))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  private List<String> files() throws IOException {
    return files(work());
  }

  /** A hook that goes on with another one's state, as it comes out of a file. */
  private static CheckpointHook goingOn(CheckpointSettings settings, CheckpointHook before)
      throws JsonProcessingException {
    JsonMapper json = JsonMapper.builder().build();
    CheckpointHook hook = new CheckpointHook(settings);
    hook.restore(
        json.readValue(
            json.writeValueAsString(before.state()), new TypeReference<Map<String, Object>>() {}));
    return hook;
  }

  @Test
  @DisplayName("K12 the newest ones are kept, the end counts like any other")
  void newest() throws IOException {
    run(0, 5, new CheckpointHook(CheckpointSettings.at(Every.epochs(2)).maxKeep(2)));
    assertThat(files()).containsExactly("epoch_4.ckpt", "epoch_5.ckpt");
  }

  @Test
  @DisplayName("K12 an older file goes only when the next one is safe on the disk")
  void nextFirst() throws IOException {
    List<List<String>> whileWriting = new ArrayList<>();
    codec.onWrite(file -> whileWriting.add(files()));
    run(0, 2, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(whileWriting.get(1)).contains("epoch_1.ckpt").doesNotContain("epoch_2.ckpt");
    assertThat(files()).containsExactly("epoch_2.ckpt");
  }

  @Test
  @DisplayName("K01 K12 K17 where the next one can't be written, the run fails and the older stays")
  void failedSave() throws IOException {
    codec.onWrite(
        file -> {
          if (file.toString().contains("epoch_2")) {
            throw new IOException("No space left on device");
          }
        });
    assertThatThrownBy(() -> run(0, 3, new CheckpointHook(EACH.maxKeep(1))))
        .hasMessageContaining("cannot save a checkpoint")
        .hasMessageContaining(work().resolve("epoch_2.ckpt").toString())
        .hasMessageContaining("No space left on device");
    assertThat(files()).containsExactly("epoch_1.ckpt");
    assertThat(work().resolve("latest")).hasContent("epoch_1.ckpt");
    assertThat(codec.open()).isZero();
  }

  @Test
  @DisplayName("K12 files that it didn't write stay, whatever they are called")
  void others() throws IOException {
    Files.createDirectories(work());
    Files.writeString(work().resolve("epoch_1.ckpt"), "from elsewhere");
    run(1, 4, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(files()).containsExactly("epoch_1.ckpt", "epoch_4.ckpt");
    assertThat(work().resolve("epoch_1.ckpt")).hasContent("from elsewhere");
  }

  @Test
  @DisplayName("K12 two hooks in one folder keep files each for itself, a shared one for both")
  void twoHooks() throws IOException {
    run(
        0,
        8,
        new CheckpointHook(CheckpointSettings.at(Every.epochs(2)).maxKeep(1).saveLast(false)),
        new CheckpointHook(CheckpointSettings.at(Every.epochs(3)).saveLast(false)));
    assertThat(files()).containsExactly("epoch_3.ckpt", "epoch_6.ckpt", "epoch_8.ckpt");
  }

  @Test
  @DisplayName("K13 a resumed run goes on with the files of before, by the folder's index")
  void byIndex() throws IOException {
    run(0, 2, new CheckpointHook(EACH.maxKeep(2)));
    run(2, 3, new CheckpointHook(EACH.maxKeep(2)));
    assertThat(files()).containsExactly("epoch_2.ckpt", "epoch_3.ckpt");
    run(3, 4, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(files()).as("fewer than before").containsExactly("epoch_4.ckpt");
  }

  @Test
  @DisplayName("K13 a resumed run goes on with the files of before, by its state")
  void byState() throws IOException {
    CheckpointHook before = new CheckpointHook(EACH.maxKeep(2));
    run(0, 2, before);
    Files.delete(work().resolve(CheckpointIndex.FILE));
    run(2, 3, goingOn(EACH.maxKeep(2), before));
    assertThat(files()).containsExactly("epoch_2.ckpt", "epoch_3.ckpt");
  }

  @Test
  @DisplayName("K13 a run that goes on in another folder leaves the old one alone")
  void otherFolder() throws IOException {
    CheckpointHook before = new CheckpointHook(EACH.maxKeep(1));
    run(0, 2, before);
    Path other = root.resolve("other");
    run(other, 2, 4, goingOn(EACH.maxKeep(1), before));
    assertThat(files()).containsExactly("epoch_2.ckpt");
    assertThat(files(other)).containsExactly("epoch_4.ckpt");
  }

  @Test
  @DisplayName("K13 a run that begins anew leaves files of earlier ones alone for good")
  void anew() throws IOException {
    run(0, 3, new CheckpointHook(EACH.maxKeep(1)));
    run(0, 2, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(files()).containsExactly("epoch_2.ckpt", "epoch_3.ckpt");
    run(2, 4, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(files()).as("epoch 3 was written again").containsExactly("epoch_4.ckpt");
  }

  @Test
  @DisplayName("K12 K13 an index that can't be read is told; nothing it might name is deleted")
  void damagedIndex() throws IOException {
    run(0, 2, new CheckpointHook(EACH.maxKeep(1)));
    Files.writeString(work().resolve(CheckpointIndex.FILE), "[");
    run(2, 4, new CheckpointHook(EACH.maxKeep(1)));
    assertThat(files()).containsExactly("epoch_2.ckpt", "epoch_4.ckpt");
    assertThat(log.notes()).anyMatch(note -> note.contains("none of them will be deleted"));
  }

  @Test
  @DisplayName("K13 what is no state of this hook is refused")
  void noState() {
    CheckpointHook hook = new CheckpointHook(EACH);
    assertThatThrownBy(() -> hook.restore(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a list 'files'");
    assertThatThrownBy(
            () -> hook.restore(Map.of("files", List.of(Map.of("file", "a")), "best_of", List.of())))
        .hasMessageContaining("without a folder");
  }

  @Test
  @DisplayName("K11 out_dir: files, latest and index go to a folder named as the work folder")
  void outDir() throws IOException {
    Path out = root.resolve("out");
    run(0, 2, new CheckpointHook(EACH.outDir(out).maxKeep(1)));
    assertThat(files(out.resolve("work"))).containsExactly("epoch_2.ckpt");
    assertThat(out.resolve("work").resolve("latest")).hasContent("epoch_2.ckpt");
    assertThat(files()).isEmpty();
    run(0, 1, new CheckpointHook(EACH.outDir(work().resolve("."))));
    assertThat(files()).as("out_dir is the work folder").containsExactly("epoch_1.ckpt");
  }

  @Test
  @DisplayName("K11 without save_optimizer no optimizer is captured, without latest none is named")
  void weightsOnly() throws IOException {
    run(0, 1, new CheckpointHook(EACH.saveOptimizer(false).latest(false)));
    assertThat(StoredCodec.optimizersIn(work().resolve("epoch_1.ckpt"))).isEqualTo("[]");
    assertThat(work().resolve("latest")).doesNotExist();
    run(0, 1, new CheckpointHook(EACH));
    assertThat(StoredCodec.optimizersIn(work().resolve("epoch_1.ckpt"))).isEqualTo("[default]");
  }

  @Test
  @DisplayName("K12 K14 best files are kept beside the newest, and retention never takes them")
  void best() throws IOException {
    run(
        0,
        4,
        new CheckpointHook(EACH.maxKeep(1).saveBest(SaveBest.of("acc"))),
        ScriptedResults.of("acc", 0.1, 0.9, 0.3, 0.2));
    assertThat(files()).containsExactly("best_acc_epoch_2.ckpt", "epoch_4.ckpt");
    assertThat(codec.readMeta(work().resolve("best_acc_epoch_2.ckpt")))
        .containsEntry("epoch", 2)
        .containsEntry("iter", 4)
        .containsEntry("metrics", Map.of("acc", 0.9));
    assertThat(log.notes())
        .contains("Saved " + work().resolve("best_acc_epoch_2.ckpt") + ", best acc 0.9");
  }

  @Test
  @DisplayName(
      "K14 a new best file is safe before the old one goes, and comes before the regular one")
  void bestNextFirst() throws IOException {
    List<String> atWriting = new ArrayList<>();
    codec.onWrite(
        file ->
            atWriting.add(
                file.getFileName().toString().replaceAll("\\.\\d+\\.checkpoint-tmp", "")
                    + " "
                    + files()));
    run(
        0,
        2,
        new CheckpointHook(EACH.saveBest(SaveBest.of("acc"))),
        ScriptedResults.of("acc", 0.1, 0.9));
    assertThat(atWriting.get(2))
        .startsWith(".best_acc_epoch_2.ckpt ")
        .contains(" best_acc_epoch_1.ckpt");
    assertThat(atWriting.get(3)).startsWith(".epoch_2.ckpt ");
    assertThat(files()).doesNotContain("best_acc_epoch_1.ckpt");
  }

  @Test
  @DisplayName("K14 several metrics, several files each")
  void topK() throws IOException {
    run(
        0,
        4,
        new CheckpointHook(CheckpointSettings.onlyBest(SaveBest.of("acc", "val/loss").keep(2))),
        new ScriptedResults(
            Every.Unit.EPOCH,
            List.of(
                Map.of("acc", 0.1, "val/loss", 0.0),
                Map.of("acc", 0.4, "val/loss", 3.0),
                Map.of("acc", 0.3, "val/loss", Double.NaN),
                Map.of("acc", 0.2, "val/loss", -1.0))));
    assertThat(files())
        .containsExactly(
            "best_acc_epoch_2.ckpt",
            "best_acc_epoch_3.ckpt",
            "best_val_loss_epoch_1.ckpt",
            "best_val_loss_epoch_4.ckpt");
    assertThat(work().resolve("latest")).doesNotExist();
  }

  @Test
  @DisplayName("K14 results of an iteration are named by it, and one state is captured once")
  void byIteration() throws IOException {
    run(
        0,
        1,
        new CheckpointHook(CheckpointSettings.at(Every.iters(1)).saveBest(SaveBest.of("acc"))),
        new ScriptedResults(Every.Unit.ITER, List.of(Map.of("acc", 0.1), Map.of("acc", 0.0))));
    assertThat(files()).containsExactly("best_acc_iter_1.ckpt", "iter_1.ckpt", "iter_2.ckpt");
    assertThat(codec.mostOpen()).isEqualTo(1);
  }

  @Test
  @DisplayName("K13 K14 the best score of before must be beaten, by index, by state, in any folder")
  void bestGoesOn() throws IOException {
    CheckpointSettings settings = CheckpointSettings.onlyBest(SaveBest.auto());
    CheckpointHook before = new CheckpointHook(settings);
    run(0, 2, before, ScriptedResults.of("acc", 0.5, 0.4));
    Path other = root.resolve("other");
    run(other, 2, 4, goingOn(settings, before), ScriptedResults.of("acc", 0.45, 0.6));
    assertThat(files(other)).containsExactly("best_acc_epoch_4.ckpt");
    assertThat(files()).containsExactly("best_acc_epoch_1.ckpt");
    run(2, 4, goingOn(settings, before), ScriptedResults.of("acc", 0.45, 0.6));
    assertThat(files()).containsExactly("best_acc_epoch_4.ckpt");
  }

  @Test
  @DisplayName("K13 auto keeps to the metric that it began with, also in a resumed run")
  void autoGoesOn() throws IOException {
    CheckpointSettings settings = CheckpointSettings.onlyBest(SaveBest.auto());
    CheckpointHook before = new CheckpointHook(settings);
    run(0, 1, before, ScriptedResults.of("acc", 0.5));
    run(
        1,
        2,
        goingOn(settings, before),
        new ScriptedResults(Every.Unit.EPOCH, List.of(Map.of("loss", 0.1, "acc", 0.6))));
    assertThat(files()).containsExactly("best_acc_epoch_2.ckpt");
  }

  @Test
  @DisplayName("K13 K14 results of before a resume don't make a metric one that is never reported")
  void reportedBefore() throws IOException {
    run(
        2,
        4,
        Hook.at(Stage.BEFORE_RUN, context -> context.report(Map.of("acc", 0.5))),
        new CheckpointHook(CheckpointSettings.onlyBest(SaveBest.of("f1"))),
        new Hook() {
          @Override
          public void afterTrainEpoch(HookContext context) {
            if (context.progress().isLastEpoch()) {
              context.report(Map.of("f1", 0.7));
            }
          }
        });
    assertThat(files()).containsExactly("best_f1_epoch_4.ckpt");
  }

  @Test
  @DisplayName("K14 a metric that no evaluation reports is named, with the nearest one")
  void unreported() {
    assertThatThrownBy(
            () ->
                run(
                    0,
                    2,
                    new CheckpointHook(EACH.saveBest(SaveBest.of("accuracy_top1"))),
                    ScriptedResults.of("accuracy_top-1", 50)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'accuracy_top1'")
        .hasMessageContaining("accuracy_top-1");
  }

  @Test
  @DisplayName(
      "K14 results that come where their weights can't be saved are told and count nothing")
  void beforeTraining() throws IOException {
    run(
        0,
        2,
        new CheckpointHook(CheckpointSettings.onlyBest(SaveBest.of("acc"))),
        Hook.at(Stage.BEFORE_TRAIN_EPOCH, context -> context.report(Map.of("acc", 0.9))),
        ScriptedResults.of("acc", 0.1, 0.2));
    assertThat(files()).containsExactly("best_acc_epoch_2.ckpt");
    assertThat(log.notes()).filteredOn(note -> note.contains("count for no best file")).hasSize(1);
  }

  @Test
  @DisplayName("K14 the results of a val flow count as well")
  void valFlow() throws IOException {
    Runner<FakeBatch> runner =
        EpochBasedRunner.builder(new FakeStep(), 2).workDir(work()).checkpointCodec(codec).build();
    runner.registerHook(new CheckpointHook(CheckpointSettings.onlyBest(SaveBest.of("loss"))));
    runner.run(
        List.of(FakeLoader.of(2), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    assertThat(files()).containsExactly("best_loss_epoch_1.ckpt");
  }
}
