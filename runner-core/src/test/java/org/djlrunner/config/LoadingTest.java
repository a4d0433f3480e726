package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, and the files they inherit from. */
@DisplayName("C01 C04 loading and base files")
class LoadingTest {

  @TempDir Path folder;

  private Path file(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private static Map<String, Object> load(Path file) {
    return Config.load(file).toMap();
  }

  @Nested
  class AFile {

    @Test
    void isYamlOrJson() throws IOException {
      assertThat(load(file("a.yaml", "a: 1"))).isEqualTo(Map.of("a", 1L));
      assertThat(load(file("a.yml", "a: 1"))).isEqualTo(Map.of("a", 1L));
      assertThat(load(file("a.json", "{\"a\": 1}"))).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void thatIsMissingGetsASuggestion() throws IOException {
      file("quickstart.yaml", "a: 1");
      Path missing = folder.resolve("quickstrat.yaml");
      assertThatThrownBy(() -> load(missing))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("config file '" + missing + "' does not exist")
          .hasMessageEndingWith(", did you mean 'quickstart.yaml'?");
    }

    @Test
    void inAMissingFolderIsSaidToBe() {
      assertThatThrownBy(() -> load(folder.resolve("no").resolve("a.yaml")))
          .hasMessageEndingWith("does not exist; nor does its folder");
    }

    @Test
    void isNoFolder() {
      assertThatThrownBy(() -> load(folder)).hasMessageEndingWith("is a folder");
    }

    @Test
    void hasAKnownEnding() throws IOException {
      Path python = file("a.py", "a = 1");
      assertThatThrownBy(() -> load(python)).hasMessageEndingWith("end in .yaml, .yml or .json");
    }

    @Test
    void isUtf8() throws IOException {
      Path latin = Files.write(folder.resolve("a.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
      assertThatThrownBy(() -> load(latin)).hasMessageEndingWith("is not UTF-8 text");
    }
  }

  @Nested
  class Bases {

    @Test
    void areMergedKeyByKeyWhileListsAreReplaced() throws IOException {
      file("base/sgd.yaml", "optimizer: {type: SGD, lr: 0.1}", "steps: [1, 2, 3]");
      Path child = file("a.yaml", "_base_: base/sgd.yaml", "optimizer: {lr: 0.2}", "steps: [4]");
      assertThat(load(child))
          .isEqualTo(Map.of("optimizer", Map.of("type", "SGD", "lr", 0.2), "steps", List.of(4L)));
    }

    @Test
    void mayBeSeveralAndHaveBasesThemselves() throws IOException {
      file("base/root.yaml", "a: 1");
      file("base/one.yaml", "_base_: ./root.yaml", "b: 2");
      file("two.json", "{\"c\": 3}");
      Path child = file("a.yaml", "_base_: [base/one.yaml, two.json]", "d: 4");
      assertThat(load(child)).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L, "d", 4L));
      assertThat(load(child).keySet()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void keepTheLocationOfTheFileThatTheyCameFrom() throws IOException {
      Path base = file("base.yaml", "optimizer:", "  lr: fast");
      Path child = file("a.yaml", "_base_: base.yaml", "optimizer: {momentum: slow}");
      ConfigErrors errors = new ConfigErrors();
      ConfigReader optimizer = Config.load(child).reader(errors).section("optimizer");
      optimizer.number("lr");
      optimizer.number("momentum", 0);
      assertThat(errors.messages())
          .containsExactly(
              base + ":2: optimizer.lr: expected a number, got the text 'fast'",
              child + ":2: optimizer.momentum: expected a number, got the text 'slow'");
    }

    @Test
    void mustNotShareATopLevelKey() throws IOException {
      Path one = file("one.yaml", "a: 1");
      Path two = file("two.yaml", "b: 1", "a: {c: 2}");
      Path child = file("a.yaml", "_base_: [one.yaml, two.yaml]");
      assertThatThrownBy(() -> load(child))
          .hasMessage(
              "%s:2: a: another base, at %s:1, has the key too; bases must not overlap"
                  .formatted(two, one));
    }

    @Test
    void mustNotInheritFromThemselves() throws IOException {
      Path b = file("b.yaml", "_base_: a.yaml");
      Path a = file("a.yaml", "_base_: b.yaml");
      assertThatThrownBy(() -> load(a))
          .hasMessage(
              "%s:1: _base_: '%s' inherits from itself: a.yaml -> b.yaml -> a.yaml"
                  .formatted(b, a));
    }

    @Test
    void mayBeTheBaseOfTwoOthersWithoutBeingACycle() throws IOException {
      file("root.yaml", "# nothing");
      file("one.yaml", "_base_: root.yaml", "a: 1");
      file("two.yaml", "_base_: root.yaml", "b: 2");
      Path child = file("a.yaml", "_base_: [one.yaml, two.yaml]");
      assertThat(load(child)).isEqualTo(Map.of("a", 1L, "b", 2L));
    }

    @Test
    void thatAreMissingOrNoFilesAreAllReported() throws IOException {
      file("base.yaml", "a: 1");
      Path child = file("a.yaml", "_base_:", "  - bsae.yaml", "  - 5");
      assertThatThrownBy(() -> load(child))
          .isInstanceOfSatisfying(
              ConfigException.class,
              e ->
                  assertThat(e.problems())
                      .containsExactly(
                          "%s:2: config file '%s' does not exist, did you mean 'base.yaml'?"
                              .formatted(child, folder.resolve("bsae.yaml")),
                          child
                              + ":3: _base_: expected a file or a list of files, got the number 5"));
    }

    @Test
    void needAFileToBeRelativeTo() {
      assertThatThrownBy(() -> Config.parse("a: 1\n_base_: b.yaml", "a.yaml"))
          .hasMessage("a.yaml:2: _base_: needs a file to be relative to; use Config.load");
    }
  }

  @Nested
  class Delete {

    @Test
    void discardsWhatTheBaseHad() throws IOException {
      file("base.yaml", "optimizer: {type: SGD, momentum: 0.9}");
      Path child = file("a.yaml", "_base_: base.yaml", "optimizer: {_delete_: true, type: Adam}");
      assertThat(load(child)).isEqualTo(Map.of("optimizer", Map.of("type", "Adam")));
    }

    @Test
    void isStrippedEvenWhereThereIsNothingToDiscard() throws IOException {
      Path file =
          file("a.yaml", "a: {_delete_: true, b: {_delete_: true, c: [{_delete_: false, d: 1}]}}");
      assertThat(load(file))
          .isEqualTo(Map.of("a", Map.of("b", Map.of("c", List.of(Map.of("d", 1L))))));
    }

    @Test
    void insideADiscardingMappingIsStrippedToo() throws IOException {
      file("base.yaml", "a: {b: {x: 1}}");
      Path child = file("a.yaml", "_base_: base.yaml", "a: {_delete_: true, b: {_delete_: true}}");
      assertThat(load(child)).isEqualTo(Map.of("a", Map.of("b", Map.of())));
    }

    @Test
    void isNeededForAMappingOverAnythingElse() throws IOException {
      Path base = file("base.yaml", "x: 1", "a: 5", "b: [1]");
      Path child = file("a.yaml", "_base_: base.yaml", "a: {c: 1}", "b: {_delete_: true, c: 2}");
      assertThatThrownBy(() -> load(child))
          .hasMessage(
              "%s:2: a: a mapping cannot be merged over the number 5 of %s:2; add '_delete_: true' to replace it"
                  .formatted(child, base));
    }

    @Test
    void isNotNeededForAMappingOverNullOrAValueOverAMapping() throws IOException {
      file("base.yaml", "a: null", "b: {c: 1}");
      Path child = file("a.yaml", "_base_: base.yaml", "a: {c: 1}", "b: 3");
      assertThat(load(child)).isEqualTo(Map.of("a", Map.of("c", 1L), "b", 3L));
    }

    @Test
    void isTrueOrFalse() throws IOException {
      file("base.yaml", "a: {b: 1}");
      Path child = file("a.yaml", "_base_: base.yaml", "a: {_delete_: yes}");
      assertThatThrownBy(() -> load(child))
          .hasMessage(child + ":2: a._delete_: expected true or false, got the text 'yes'");
    }
  }
}
