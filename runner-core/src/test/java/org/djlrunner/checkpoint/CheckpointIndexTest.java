package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointIndexTest {
  @TempDir private Path folder;

  private KeptFile written(String name, String reason, OptionalDouble score) throws IOException {
    Files.writeString(folder.resolve(name), "x");
    return new KeptFile(folder, name, reason, score, 1, 2);
  }

  @Test
  @DisplayName("K12 the index lists what is kept and what for, in the order of saving")
  void lists() throws IOException {
    CheckpointIndex index = new CheckpointIndex(folder);
    assertThat(index.read()).isEmpty();
    KeptFile one = written("one", "checkpoint", OptionalDouble.empty());
    KeptFile two = written("two", "best acc", OptionalDouble.of(-0.5));
    index.change(List.of(one), List.of(), file -> false);
    index.change(List.of(two), List.of(), file -> false);
    assertThat(index.read()).containsExactly(one, two);
    index.change(List.of(one), List.of(), file -> false);
    assertThat(index.read()).as("written again").containsExactly(two, one);
  }

  @Test
  @DisplayName("K12 a file goes with the last reason to keep it")
  void lastReason() throws IOException {
    CheckpointIndex index = new CheckpointIndex(folder);
    KeptFile first = written("file", "checkpoint", OptionalDouble.empty());
    KeptFile second = written("file", "checkpoint#2", OptionalDouble.empty());
    index.change(List.of(first, second), List.of(), file -> false);
    index.change(List.of(), List.of(first), file -> false);
    assertThat(first.file()).exists();
    index.change(List.of(), List.of(second), file -> false);
    assertThat(first.file()).doesNotExist();
    assertThat(index.read()).isEmpty();
  }

  @Test
  @DisplayName("K12 entries that are dropped leave their files; files that are gone leave the list")
  void dropped() throws IOException {
    CheckpointIndex index = new CheckpointIndex(folder);
    KeptFile one = written("one", "checkpoint", OptionalDouble.empty());
    KeptFile two = written("two", "checkpoint", OptionalDouble.empty());
    index.change(List.of(one, two), List.of(), file -> false);
    Files.delete(two.file());
    assertThat(index.read()).containsExactly(one);
    index.change(List.of(), List.of(), file -> true);
    assertThat(index.read()).isEmpty();
    assertThat(one.file()).exists();
  }

  @Test
  @DisplayName("K12 an index that can't be read is told, and is nobody's list at the next save")
  void damaged() throws IOException {
    Files.writeString(folder.resolve(CheckpointIndex.FILE), "{\"files\": [");
    CheckpointIndex index = new CheckpointIndex(folder);
    assertThatThrownBy(index::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(CheckpointIndex.FILE)
        .hasMessageContaining("no list of checkpoints");
    KeptFile one = written("one", "checkpoint", OptionalDouble.empty());
    index.change(List.of(one), List.of(), file -> false);
    assertThat(index.read()).containsExactly(one);
  }

  @Test
  @DisplayName("K12 an entry can't lead out of the folder")
  void outside() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(folder.resolve("outside"), "x");
    Files.writeString(
        inner.resolve(CheckpointIndex.FILE),
        "{\"files\": [{\"file\": \"../outside\", \"kept_as\": \"checkpoint\","
            + " \"epoch\": 1, \"iter\": 1}]}");
    assertThat(new CheckpointIndex(inner).read()).isEmpty();
  }
}
