package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("K10 C02 what a config says of resuming")
class ResumeSectionTest {
  private static void assertRefused(String change, String... parts) {
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(change));
    assertThatThrownBy(() -> Experiment.read(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void wrongWordsAndFilesAreRefusedBeforeDataIsTouched() {
    assertRefused("resume_config={hyperparameters: file}", "must be config or checkpoint", "file");
    assertRefused("resume_config={hyperparamters: config}", "did you mean 'hyperparameters'");
    assertRefused("resume_from=absent.safetensors", "resume_from", "there is no file absent");
  }

  @Test
  void optionsOfOptimizersNeedTheirStates() {
    assertRefused(
        "resume_config={hyperparameters: checkpoint, resume_optimizer: false}",
        "resume_config.hyperparameters",
        "leave one of them out");
  }
}
