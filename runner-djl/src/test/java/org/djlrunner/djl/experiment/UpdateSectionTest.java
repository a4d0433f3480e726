package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.LossScaling;
import org.djlrunner.hook.NonFinite;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.hook.ValueClip;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("U10 update section")
class UpdateSectionTest {
  private static final UpdateSettings PLAIN = UpdateSettings.PLAIN;

  private static UpdateSettings read(String yaml) {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root = Config.parse(yaml, "update.yaml").reader(errors);
    UpdateSettings settings = UpdateSection.read(root);
    root.finish();
    errors.throwIfAny();
    return settings;
  }

  static Stream<Arguments> meanings() {
    LossScaling fixed = LossScaling.fixed(512);
    UpdateSettings clipped = PLAIN.clip(new GradClip(35));
    return Stream.of(
        arguments("{}", PLAIN),
        arguments("optimizer_config: null", PLAIN),
        arguments("optimizer_config: {grad_clip: null}", PLAIN),
        arguments("optimizer_config: {grad_clip: {max_norm: 35}}", clipped),
        arguments("optimizer_config: {grad_clip: {max_norm: 35, norm_type: 2}}", clipped),
        arguments(
            "optimizer_config: {grad_clip: {max_norm: 1, norm_type: inf}}",
            PLAIN.clip(new GradClip(1, Double.POSITIVE_INFINITY))),
        arguments(
            "optimizer_config: {grad_clip: {clip_value: 0.5}}", PLAIN.clip(new ValueClip(0.5))),
        arguments(
            "optimizer_config: {type: GradientCumulativeOptimizerHook, cumulative_iters: 4}",
            PLAIN.cumulativeIters(4)),
        arguments("optimizer_config: {type: Fp16OptimizerHook}", PLAIN.scaling(fixed)),
        arguments(
            "optimizer_config: {type: Fp16OptimizerHook, loss_scale: 128}",
            PLAIN.scaling(LossScaling.fixed(128))),
        arguments(
            "optimizer_config: {type: Fp16OptimizerHook, loss_scale: dynamic}",
            PLAIN.scaling(LossScaling.DYNAMIC)),
        arguments(
            "optimizer_config: {type: GradientCumulativeFp16OptimizerHook, cumulative_iters: 2,"
                + " loss_scale: {init_scale: 1024, growth_factor: 4, backoff_factor: 0.25,"
                + " growth_interval: 7}}",
            PLAIN.cumulativeIters(2).scaling(LossScaling.dynamic(1024, 4, 0.25, 7))),
        arguments(
            "optimizer_config: {detect_anomalous_params: true}", PLAIN.detectAnomalousParams(true)),
        arguments("fp16: {loss_scale: 512.}", PLAIN.scaling(fixed)),
        arguments(
            "{fp16: {loss_scale: dynamic}, optimizer_config: {grad_clip: {max_norm: 35}}}",
            clipped.scaling(LossScaling.DYNAMIC)),
        arguments(
            "optimizer_config: {nonfinite: {policy: skip, max_skips: 3}}",
            PLAIN.nonFinite(new NonFinite(NonFinite.Policy.SKIP, 3, 10))),
        arguments(
            "optimizer_config: {nonfinite: {policy: restore, interval: 50}}",
            PLAIN.nonFinite(new NonFinite(NonFinite.Policy.RESTORE, 10, 50))));
  }

  @ParameterizedTest
  @MethodSource("meanings")
  @DisplayName("MMCV's words mean what they mean there")
  void meaning(String yaml, UpdateSettings expected) {
    assertThat(read(yaml)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: OptimiserHook}                             | optimizer_config.type       | OptimizerHook, GradientCumulativeOptimizerHook, Fp16OptimizerHook, GradientCumulativeFp16OptimizerHook
          {type: Lookahead}                                 | optimizer_config.type       | unknown optimizer hook 'Lookahead'
          {cumulative_iters: 2}                             | optimizer_config.cumulative_iters | unknown key
          {type: GradientCumulativeOptimizerHook, cumulative_iter: 2} | optimizer_config.cumulative_iter | did you mean 'cumulative_iters'
          {type: GradientCumulativeOptimizerHook, cumulative_iters: 0} | optimizer_config.cumulative_iters | at least 1, got 0
          {type: Fp16OptimizerHook, loss_scale: 0}          | optimizer_config.loss_scale | above 0
          {type: Fp16OptimizerHook, loss_scale: dynamc}     | optimizer_config.loss_scale | 'dynamc'
          {type: Fp16OptimizerHook, loss_scale: {growth_factor: 1}} | optimizer_config.loss_scale.growth_factor | above 1
          {type: Fp16OptimizerHook, loss_scale: {backoff_factor: 2}} | optimizer_config.loss_scale.backoff_factor | between 0 and 1
          {type: Fp16OptimizerHook, loss_scale: {init_scal: 2}} | optimizer_config.loss_scale.init_scal | did you mean 'init_scale'
          {grad_clip: {clip_value: -1}}                     | optimizer_config.grad_clip.clip_value | 0 or more
          {grad_clip: {clip_value: 1, max_norm: 2}}         | optimizer_config.grad_clip.clip_value | leave out max_norm
          {nonfinite: {policy: explode}}                    | optimizer_config.nonfinite.policy | one of warn, fail, skip, stop, restore
          {nonfinite: {max_skips: 0}}                       | optimizer_config.nonfinite.max_skips | at least 1
          """)
  @DisplayName("C02 what is wrong is named with its path and what there is")
  void wrong(String section, String path, String hint) {
    assertThatThrownBy(() -> read("optimizer_config: " + section))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(hint);
  }

  @Test
  @DisplayName("C01 all problems of both sections come at once")
  void allAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    "{fp16: {loss_scale: -1, los: 1}, optimizer_config: {type: Fp16OptimizerHook,"
                        + " loss_scale: 2, grad_clip: {max_norm: -1}}}"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(4)
                    .anyMatch(p -> p.contains("fp16.loss_scale"))
                    .anyMatch(p -> p.contains("fp16.los'") || p.contains("'los'"))
                    .anyMatch(p -> p.contains("given in fp16 too"))
                    .anyMatch(p -> p.contains("grad_clip.max_norm")));
  }
}
