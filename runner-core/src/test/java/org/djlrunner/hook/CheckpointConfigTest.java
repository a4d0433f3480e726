package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.Every;
import org.djlrunner.checkpoint.CheckpointName;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointConfigTest {
  private static CheckpointSettings read(String options) {
    ConfigErrors errors = new ConfigErrors();
    CheckpointSettings settings =
        CheckpointConfig.read(
            Config.parse("checkpoint_config: " + options, "a.yaml")
                .reader(errors)
                .section("checkpoint_config"),
            Every.Unit.EPOCH);
    errors.throwIfAny();
    return settings;
  }

  @Test
  @DisplayName("K11 without options only the end is saved, with all there is, for good")
  void defaults() {
    assertThat(read("{}")).isEqualTo(CheckpointSettings.at(Every.epochs(-1)).maxKeep(-1));
  }

  @Test
  @DisplayName("K11 all options of MMCV, and background")
  void all() {
    assertThat(
            read(
                """

                  interval: 5
                  by_epoch: false
                  save_optimizer: false
                  out_dir: out
                  max_keep_ckpts: 3
                  save_last: false
                  filename_tmpl: "x_{}.pth"
                  create_symlink: false
                  meta: {author: me, tags: [a, 1, null]}
                  sync_buffer: false
                  file_client_args: {backend: disk}
                  background: true
                """))
        .satisfies(
            settings ->
                assertThat(settings.meta().get("tags"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .containsExactly("a", 1L, null))
        .extracting(settings -> settings.meta(Map.of()))
        .isEqualTo(
            CheckpointSettings.at(Every.iters(5))
                .saveOptimizer(false)
                .outDir(Path.of("out"))
                .maxKeep(3)
                .saveLast(false)
                .name(new CheckpointName("x_{}"))
                .latest(false)
                .background(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{max_keep_ckpt: 3}|max_keep_ckpts",
        "{interval: 1.5}|interval",
        "{filename_tmpl: same.pth}|checkpoint_config.filename_tmpl",
        "{filename_tmpl: '{}_{}.pth'}|once",
        "{meta: [1]}|expected a mapping",
        "{sync_buffer: true}|one process",
        "{file_client_args: {backend: petrel}}|disks only",
        "{background: maybe}|background"
      })
  @DisplayName("K11 C02 what is unknown or has no meaning is refused with its place")
  void refused(String options, String message) {
    assertThatThrownBy(() -> read(options))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a.yaml")
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName(
      "K14 metrics whose files would have the same names, and fewer than 1 file, are refused")
  void best() {
    assertThatThrownBy(() -> SaveBest.of("a/b", "a_b"))
        .hasMessageContaining("'a/b' and 'a_b' would have the same names");
    assertThatThrownBy(() -> SaveBest.auto().keep(0)).hasMessageContaining("got 0");
    assertThat(SaveBest.of("acc", "loss").metrics()).isEqualTo(List.of("acc", "loss"));
  }
}
