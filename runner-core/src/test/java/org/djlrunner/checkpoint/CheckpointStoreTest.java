package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("K01 K02 a save appears whole, and latest names it")
  void save() throws IOException {
    Path file = new CheckpointStore(folder).save("a.bin", path -> Files.writeString(path, "one"));
    assertThat(file).hasContent("one");
    assertThat(folder.resolve("latest")).hasContent("a.bin");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.bin", "latest");
  }

  @Test
  @DisplayName("K01 a save that fails half way changes nothing")
  void failedSave() throws IOException {
    CheckpointStore store = new CheckpointStore(folder);
    store.save("a.bin", path -> Files.writeString(path, "one"));
    assertThatThrownBy(
            () ->
                store.save(
                    "a.bin",
                    path -> {
                      Files.writeString(path, "tw");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(folder.resolve("a.bin")).hasContent("one");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.bin", "latest");
  }

  @Test
  @DisplayName("K01 what a crash left behind is no obstacle")
  void leftovers() throws IOException {
    Files.writeString(folder.resolve(".a.bin.tmp"), "half");
    new CheckpointStore(folder).save("a.bin", path -> Files.writeString(path, "whole"));
    assertThat(folder.resolve("a.bin")).hasContent("whole");
    assertThat(folder.resolve(".a.bin.tmp")).doesNotExist();
  }
}
