package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigException;
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

/**
 * Saving by hand against MMCV's {@code save_checkpoint}.
 *
 * <p>There it takes the state in the middle of an epoch or iteration, whose number is one more than
 * the counters; here in a hook that asks for it where that epoch or iteration is complete. So the
 * run begins one iteration before the recorded counters, and an epoch has one iteration.
 */
@ExtendWith(VectorTally.class)
class SaveCallVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path root;

  static Stream<Case> recorded() {
    return Vectors.cases("checkpoint/save_call.json");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(18);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("H07 K11 a save by hand leaves the file that MMCV's save_checkpoint leaves")
  void saves(Case c) {
    boolean byEpoch = RecordedSaves.isByEpoch(c);
    if (c.has("raises")) {
      c.equal(
          () ->
              assertThatThrownBy(() -> settings(c))
                  .isInstanceOf(ConfigException.class)
                  .hasMessageContaining("checkpoint_config"));
    } else if (!byEpoch || c.at("counters").get(1).asInt() == 0) {
      c.deviation("Q-R15", () -> assertSaved(c));
    } else {
      c.equal(() -> assertSaved(c));
    }
  }

  private CheckpointSettings settings(Case c) {
    ObjectNode options = c.at("arguments").deepCopy();
    options.remove("out_dir");
    options.put("save_last", false);
    return new RecordedSaves(root)
        .settings(options, RecordedSaves.isByEpoch(c) ? Every.Unit.EPOCH : Every.Unit.ITER);
  }

  private void assertSaved(Case c) throws IOException {
    boolean byEpoch = RecordedSaves.isByEpoch(c);
    int epoch = c.at("counters").get(0).asInt();
    int iter = c.at("counters").get(1).asInt();
    String before = c.at("arguments").toString();
    CheckpointHook hook = new CheckpointHook(settings(c));
    // Ours is a run of one iteration; an epoch of MMCV's counters has counted its last one already.
    int start = byEpoch ? Math.max(0, iter - 1) : iter;
    ObjectNode run = c.json().deepCopy();
    run.put("max_epochs", epoch + 1).put("max_iters", iter + 1);
    run.putArray("loader_lengths").add(1);
    run.putArray("workflow").addArray().add("train").add(1);
    run.putObject("start").put("epoch", epoch).put("iter", start);
    List<Save> saves =
        new RecordedSaves(root)
            .run(
                new Case(c.family(), c.id(), run),
                List.of(
                    hook,
                    Hook.at(
                        byEpoch ? Stage.AFTER_TRAIN_EPOCH : Stage.AFTER_TRAIN_ITER,
                        hook::saveAtBoundary)));
    String name = c.at("files").get(0).asText().replaceFirst(".*/", "");
    assertThat(saves)
        .singleElement()
        .satisfies(
            save -> {
              JsonNode content = c.at("contents").elements().next();
              assertThat(save.file()).isEqualTo("run1/" + RecordedSaves.ours(name));
              assertThat(!save.optimizers().equals("[]"))
                  .isEqualTo(content.path("top_level_keys").toString().contains("optimizer"));
              assertThat(save.number("iter")).isEqualTo(start + 1);
              assertThat(save.number("epoch")).isEqualTo(byEpoch ? epoch + 1 : epoch);
              for (Map.Entry<String, Object> entry :
                  RecordedSaves.map(content.path("meta")).entrySet()) {
                if (!List.of("epoch", "iter", "mmcv_version", "time").contains(entry.getKey())) {
                  assertThat(save.meta()).contains(entry);
                }
              }
              assertThat(root.resolve("run1/latest").toFile().exists())
                  .isEqualTo(c.at("arguments").path("create_symlink").asBoolean(true));
            });
    assertThat(JSON.readTree(before)).as("what was handed in").isEqualTo(c.at("arguments"));
  }
}
