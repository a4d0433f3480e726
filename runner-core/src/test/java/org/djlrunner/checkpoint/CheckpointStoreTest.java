package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.testkit.StoredCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  /** No process has this number: it is above what systems give out. */
  private static final long NO_PROCESS = 999_999_999_999L;

  @TempDir private Path folder;
  private final StoredCodec codec = new StoredCodec();
  private final List<String> warnings = new ArrayList<>();

  private void stored(String name, int epoch, int iter) throws IOException {
    Files.writeString(
        folder.resolve(name), StoredCodec.content(Map.of("epoch", epoch, "iter", iter), "[]"));
  }

  @Test
  @DisplayName("K01 K02 a save appears whole, and latest names it")
  void save() throws IOException {
    Path file = new CheckpointStore(folder).save("a.bin", path -> Files.writeString(path, "one"));
    assertThat(file).hasContent("one");
    assertThat(folder.resolve("latest")).hasContent("a.bin");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.bin", "latest");
  }

  @Test
  @DisplayName("K01 K17 a disk that fills up half way changes nothing; the error has the numbers")
  void diskFull() throws IOException {
    CheckpointStore store = new CheckpointStore(folder);
    store.save("epoch_1.bin", path -> Files.writeString(path, "x".repeat(5000)));
    assertThatThrownBy(
            () ->
                store.save(
                    "epoch_2.bin",
                    path -> {
                      Files.writeString(path, "y".repeat(1234));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write " + folder.resolve("epoch_2.bin"))
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("1234 bytes were written, which are removed again")
        .hasMessageContaining("about 5000 bytes are needed")
        .hasMessageContaining("are free there")
        .hasMessageContaining("max_keep_ckpts")
        .hasRootCauseMessage("No space left on device");
    assertThat(folder.resolve("epoch_1.bin")).hasContent("x".repeat(5000));
    assertThat(folder.resolve("latest")).hasContent("epoch_1.bin");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("epoch_1.bin", "latest");
  }

  @Test
  @DisplayName("K01 a file that is to be replaced stays as it was where that fails")
  void failedReplacement() throws IOException {
    CheckpointStore store = new CheckpointStore(folder);
    store.save("a.bin", path -> Files.writeString(path, "one"));
    assertThatThrownBy(
            () ->
                store.save(
                    "a.bin",
                    path -> {
                      Files.writeString(path, "tw");
                      throw new IllegalStateException("not the disk's fault");
                    }))
        .hasMessage("not the disk's fault");
    assertThat(folder.resolve("a.bin")).hasContent("one");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.bin", "latest");
  }

  @Test
  @DisplayName(
      "K16 what a killed run left under temporary names goes at the next save, nothing else")
  void leftovers() throws IOException {
    String own = ".a.bin." + ProcessHandle.current().pid() + ".checkpoint-tmp";
    String dead = ".b.bin." + NO_PROCESS + ".checkpoint-tmp";
    String alive = ".c.bin." + ProcessHandle.current().parent().orElseThrow().pid();
    List<String> others =
        List.of(alive + ".checkpoint-tmp", ".a.bin.tmp", ".b.bin.x.checkpoint-tmp", "a.bin.tmp");
    for (String name : List.of(own, dead)) {
      Files.writeString(folder.resolve(name), "half");
    }
    for (String name : others) {
      Files.writeString(folder.resolve(name), "somebody else's");
    }
    new CheckpointStore(folder).save("a.bin", path -> Files.writeString(path, "whole"));
    assertThat(folder.resolve("a.bin")).hasContent("whole");
    assertThat(folder.toFile().list())
        .contains(others.toArray(String[]::new))
        .doesNotContain(own, dead);
  }

  @Test
  @DisplayName("K16 a file that is being written in the same folder is none that was left")
  void twoWriters() throws IOException {
    CheckpointStore store = new CheckpointStore(folder);
    store.save(
        "a.bin",
        path -> {
          store.write("b.bin", inner -> Files.writeString(inner, "b"));
          Files.writeString(path, "a");
        });
    assertThat(folder.resolve("a.bin")).hasContent("a");
    assertThat(folder.resolve("b.bin")).hasContent("b");
  }

  @Test
  @DisplayName("K18 candidates come newest first by finished iterations, best files behind others")
  void newest() throws IOException {
    stored("epoch_2.ckpt", 2, 20);
    stored("epoch_10.ckpt", 10, 100);
    stored("best_acc_epoch_10.ckpt", 10, 100);
    stored("iter_15.ckpt", 1, 15);
    Files.writeString(folder.resolve("notes.txt"), "none");
    Files.writeString(folder.resolve(".hidden.ckpt"), "none");
    assertThat(new CheckpointStore(folder).newest(codec, warnings::add))
        .extracting(c -> c.file().getFileName().toString())
        .containsExactly("epoch_10.ckpt", "best_acc_epoch_10.ckpt", "epoch_2.ckpt", "iter_15.ckpt");
    assertThat(warnings).isEmpty();
  }

  @Test
  @DisplayName("K18 what the last run lists comes before newer files that an earlier one left")
  void listedFirst() throws IOException {
    stored("epoch_1.ckpt", 1, 10);
    stored("epoch_2.ckpt", 2, 20);
    stored("epoch_9.ckpt", 9, 90);
    KeptFile own =
        new KeptFile(folder, "epoch_2.ckpt", "checkpoint", OptionalDouble.empty(), 2, 20);
    new CheckpointIndex(folder).change(List.of(own), List.of(), entry -> false);
    assertThat(new CheckpointStore(folder).newest(codec, warnings::add))
        .extracting(c -> c.file().getFileName().toString())
        .containsExactly("epoch_2.ckpt", "epoch_9.ckpt", "epoch_1.ckpt");
    Files.writeString(folder.resolve(CheckpointIndex.FILE), "{");
    assertThat(new CheckpointStore(folder).newest(codec, warnings::add))
        .extracting(CheckpointStore.Candidate::epoch)
        .containsExactly(9, 2, 1);
    assertThat(warnings).singleElement().asString().contains("is no list of checkpoints");
  }

  @Test
  @DisplayName("K18 a path means a checkpoint, or the one that latest names")
  void meant() throws IOException {
    stored("epoch_1.ckpt", 1, 10);
    Path file = folder.resolve("epoch_1.ckpt");
    assertThatThrownBy(() -> CheckpointStore.meantBy(folder))
        .hasMessageContaining("without the file 'latest'");
    new CheckpointStore(folder).makeLatest("epoch_1.ckpt");
    assertThat(CheckpointStore.meantBy(folder)).isEqualTo(file);
    assertThat(CheckpointStore.meantBy(folder.resolve("latest"))).isEqualTo(file);
    assertThat(CheckpointStore.meantBy(file)).isEqualTo(file);
    Path whole = Files.write(folder.resolve("latest"), new byte[5000]);
    assertThat(CheckpointStore.meantBy(whole)).isEqualTo(whole);
  }

  @Test
  @DisplayName(
      "K18 damaged files are passed over with a warning each, down to the newest whole one")
  void newestValid() throws IOException {
    stored("epoch_1.ckpt", 1, 10);
    stored("epoch_2.ckpt", 2, 20);
    stored("epoch_3.ckpt", 3, 30);
    Path cut = folder.resolve("epoch_3.ckpt");
    Files.writeString(cut, Files.readString(cut).replace("\nend", ""));
    Path empty = Files.createFile(folder.resolve("epoch_4.ckpt"));
    Path foreign = Files.writeString(folder.resolve("weights.ckpt"), "{}\n[]\nend");
    assertThat(new CheckpointStore(folder).newestValid(codec, warnings::add))
        .hasValue(new CheckpointStore.Candidate(folder.resolve("epoch_2.ckpt"), 2, 20));
    assertThat(warnings)
        .satisfiesExactlyInAnyOrder(
            w -> assertThat(w).contains(cut.toString(), "passed over", "cut off"),
            w -> assertThat(w).contains(empty.toString(), "no meta data"),
            w -> assertThat(w).contains(foreign.toString(), "after which epoch and iteration"));
  }

  @Test
  @DisplayName("K18 a folder without a whole checkpoint has none")
  void noneValid() throws IOException {
    Files.createFile(folder.resolve("epoch_1.ckpt"));
    assertThat(new CheckpointStore(folder).newestValid(codec, warnings::add)).isEmpty();
    assertThat(warnings).hasSize(1);
  }
}
