package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.hook.LossScaling;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("N07 precision and compile in a config")
class StepSectionTest {
  private static StepSection read(String yaml) {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root = Config.parse(yaml, "step.yaml").reader(errors);
    StepSection section = StepSection.read(root, UpdateSection.read(root));
    root.finish();
    errors.throwIfAny();
    return section;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed: 1 | FP32 | AUTO",
        "precision: bf16 | BF16 | AUTO",
        "precision: auto | AUTO | AUTO",
        "compile: false | FP32 | NEVER",
        "compile: true | FP32 | ALWAYS",
        "compile: auto | FP32 | AUTO",
        "fp16: {loss_scale: 512.} | FP16 | AUTO",
        "optimizer_config: {type: Fp16OptimizerHook} | FP16 | AUTO",
      })
  void meanings(String yaml, Precision precision, Compile compile) {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root = Config.parse(yaml, "step.yaml").reader(errors);
    assertThat(StepSection.read(root, UpdateSection.read(root)).options())
        .isEqualTo(new StepOptions(precision, compile));
  }

  @ParameterizedTest
  @DisplayName("W02 on a GPU the precision is auto unless the config says otherwise")
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | FP32 | AUTO",
        "compile: false | FP32 | AUTO",
        "precision: null | FP32 | AUTO",
        "precision: fp32 | FP32 | FP32",
        "precision: bf16 | BF16 | BF16",
        "precision: auto | AUTO | AUTO",
        "fp16: {loss_scale: 512.} | FP16 | FP16",
      })
  void byDevice(String yaml, Precision onCpu, Precision onGpu) {
    assertThat(read(yaml).on(Device.cpu()).precision()).isEqualTo(onCpu);
    assertThat(read(yaml).on(Device.gpu()).precision()).isEqualTo(onGpu);
  }

  @Test
  @DisplayName("fp16 without a word of scaling scales dynamically")
  void scales() {
    assertThat(read("precision: fp16").update().scaling()).contains(LossScaling.DYNAMIC);
    assertThat(read("precision: bf16").update().scaling()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compile: maybe | compile: expected auto, true or false, got 'maybe'",
        "precision: fp8 | precision: expected one of auto, fp32, fp16, bf16",
        "{precision: bf16, compile: false} | compile: a low precision needs a compiled step",
        "{precision: fp32, fp16: {}} | precision: the update scales the loss, which is for fp16",
      })
  void refused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml)).hasMessageContaining(message);
  }
}
