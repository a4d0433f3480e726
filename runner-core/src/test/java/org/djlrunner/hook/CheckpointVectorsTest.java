package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.ExpectedSaves.Point;
import org.djlrunner.hook.RecordedSaves.Save;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoint hooks against the files that MMCV's leave. */
@ExtendWith(VectorTally.class)
class CheckpointVectorsTest {
  @TempDir private Path root;

  static Stream<Case> recorded() {
    return Stream.of(
            "checkpoint/epoch_hook.json",
            "checkpoint/iter_hook.json",
            "checkpoint/random_hook.json")
        .flatMap(Vectors::cases);
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(82);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("H07 K02 K11 K12 hooks leave the files that MMCV's leave")
  void saves(Case c) {
    ExpectedSaves expected = new ExpectedSaves(c);
    List<String> why = expected.deviations();
    if (expected.isRefused()) {
      c.deviation("refused when the config is read", () -> assertRefused(c, expected));
    } else if (why.isEmpty()) {
      c.equal(
          () -> {
            List<Save> saves = assertOurs(c, expected);
            assertRecorded(c, saves);
          });
    } else {
      c.deviation(String.join(", ", why), () -> assertOurs(c, expected));
    }
  }

  private void assertRefused(Case c, ExpectedSaves expected) {
    assertThatThrownBy(() -> hooks(c, expected))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("checkpoint_config");
  }

  private List<Hook> hooks(Case c, ExpectedSaves expected) {
    Every.Unit unit =
        expected.isSection() && !RecordedSaves.isByEpoch(c) ? Every.Unit.ITER : Every.Unit.EPOCH;
    List<Hook> hooks = new ArrayList<>();
    c.at("checkpoint_hooks")
        .forEach(
            config ->
                hooks.add(new CheckpointHook(new RecordedSaves(root).settings(config, unit))));
    return hooks;
  }

  /** Names, counters and what is left, by our rules. */
  private List<Save> assertOurs(Case c, ExpectedSaves expected) throws IOException {
    RecordedSaves run = new RecordedSaves(root);
    List<Save> saves = run.run(c, hooks(c, expected));
    List<Point> points = new ArrayList<>();
    c.at("checkpoint_hooks").forEach(hook -> points.addAll(expected.points(hook)));
    assertThat(saves)
        .extracting(save -> new Point(stem(save.file()), save.number("epoch"), save.number("iter")))
        .containsExactlyInAnyOrderElementsOf(points);
    if (c.at("checkpoint_hooks").size() == 1) {
      JsonNode hook = c.at("checkpoint_hooks").get(0);
      assertThat(run.checkpoints())
          .extracting(CheckpointVectorsTest::stem)
          .containsExactlyInAnyOrderElementsOf(expected.left(hook));
      assertLatest(hook, saves);
    }
    return saves;
  }

  private static String stem(String file) {
    return file.replaceFirst(".*/", "").replaceFirst("\\.ckpt$", "");
  }

  private void assertLatest(JsonNode hook, List<Save> saves) {
    if (saves.isEmpty()) {
      return;
    }
    Path newest = root.resolve(saves.get(saves.size() - 1).file());
    Path latest = newest.resolveSibling("latest");
    if (hook.path("create_symlink").asBoolean(true)) {
      assertThat(latest).hasContent(newest.getFileName().toString());
    } else {
      assertThat(latest).doesNotExist();
    }
  }

  /** All that was recorded: each save's file, counters, meta data and optimizers, and the rest. */
  private void assertRecorded(Case c, List<Save> saves) throws IOException {
    List<String> files = new ArrayList<>();
    List<Map<String, Object>> metas = new ArrayList<>();
    List<Boolean> optimizers = new ArrayList<>();
    List<List<String>> after = new ArrayList<>();
    for (JsonNode event : c.at("saves")) {
      for (JsonNode saved : event.path("saved")) {
        files.add(RecordedSaves.ours(saved.path("file").asText()));
        metas.add(comparable(RecordedSaves.map(saved.path("meta"))));
        optimizers.add(saved.path("top_level_keys").toString().contains("optimizer"));
        after.add(RecordedSaves.ours(event.path("files")));
      }
    }
    assertThat(saves).extracting(Save::file).isEqualTo(files);
    assertThat(saves).extracting(save -> comparable(save.meta())).isEqualTo(metas);
    assertThat(saves).extracting(save -> !save.optimizers().equals("[]")).isEqualTo(optimizers);
    assertThat(saves).extracting(Save::files).isEqualTo(after);
    assertThat(new RecordedSaves(root).checkpoints())
        .isEqualTo(RecordedSaves.ours(c.at("final_files")));
    c.at("final_links")
        .properties()
        .forEach(
            link ->
                assertThat(root.resolve(link.getKey().replace("latest.pth", "latest")))
                    .hasContent(RecordedSaves.ours(link.getValue().asText())));
  }

  /** Without what each adds of its own: the run's state here; version, time, last_ckpt there. */
  private static Map<String, Object> comparable(Map<String, Object> meta) {
    Map<String, Object> comparable = new LinkedHashMap<>(meta);
    comparable
        .keySet()
        .removeIf(name -> ResumePoint.isState(name) && !List.of("epoch", "iter").contains(name));
    List.of("mmcv_version", "time", ResumePoint.WORLD_SIZE).forEach(comparable::remove);
    if (meta.get("hook_msgs") instanceof Map<?, ?> messages) {
      Map<Object, Object> others = new LinkedHashMap<>(messages);
      others.remove("last_ckpt");
      if (others.isEmpty()) {
        comparable.remove("hook_msgs");
      } else {
        comparable.put("hook_msgs", others);
      }
    }
    return comparable;
  }
}
