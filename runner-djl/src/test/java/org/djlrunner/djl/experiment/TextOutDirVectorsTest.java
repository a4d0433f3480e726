package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.Hook;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the files of a run are when it is over, against MMCV. */
@ExtendWith(VectorTally.class)
class TextOutDirVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("log/text_out_dir.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("L17 L18 L19 logs are copied or moved where MMCV copies or moves them")
  void files(Case c) {
    if (c.has("raises")) {
      c.equal(
          () ->
              assertThatThrownBy(() -> run(c, Path.of("run1")))
                  .isInstanceOf(ConfigException.class));
    } else {
      c.equal(
          () -> {
            Path work = Files.createDirectories(folder.resolve("run1"));
            for (JsonNode file : c.at("other_files_in_work_dir")) {
              Path other = work.resolve(file.asText());
              Files.createDirectories(other.getParent());
              Files.createFile(other);
            }
            run(c, work);
            Set<String> expected = new TreeSet<>();
            c.at("files_after").forEach(file -> expected.add(file.asText()));
            assertThat(filesAfter()).isEqualTo(expected);
          });
    }
  }

  /**
   * Both of our logs, of which MMCV's logger writes the second; its first comes from the train
   * script, which these cases don't have.
   */
  private void run(Case c, Path work) {
    ConfigErrors errors = new ConfigErrors();
    var options = JSON.createObjectNode().put("type", "TextLoggerHook");
    c.at("text_logger").properties().forEach(e -> options.set(e.getKey(), e.getValue()));
    if (options.path("out_dir").isTextual()) {
      options.put("out_dir", folder.resolve(options.path("out_dir").asText()).toString());
    }
    var config = JSON.createObjectNode();
    config.putArray("hooks").add(options).addObject().put("type", "JsonLoggerHook");
    List<Hook> hooks =
        HooksSection.loggers(Optional.of(RecordedHooks.reader(config, errors)), Every.Unit.EPOCH);
    errors.throwIfAny();
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).workDir(work).timestamp("T").build();
    hooks.forEach(runner::registerHook);
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  private Set<String> filesAfter() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(name -> !name.endsWith("/T.log"))
          .forEach(name -> names.add(name.replace("/T.log", "/<timestamp>.log")));
    }
    return names;
  }
}
