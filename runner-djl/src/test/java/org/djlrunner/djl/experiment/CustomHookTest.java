package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.config.Config;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks of an application, named by a config. */
@DisplayName("H01 X01 custom hooks from a config")
class CustomHookTest {
  @TempDir private Path folder;
  private final List<String> seen = new ArrayList<>();

  private HookSpec spec(int every) {
    return parts ->
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            if (context.progress().everyNIters(every)) {
              seen.add(
                  context.progress().iter()
                      + " of "
                      + parts.train().samples()
                      + " at "
                      + context.hooks().priorityOf(this));
            }
          }
        };
  }

  @Test
  @DisplayName("it is built from its options and the parts of the run, and runs at its priority")
  void customHook() {
    Components components = Components.shipped();
    components
        .hooks()
        .register(
            "Counter",
            config -> {
              int every = config.integer("every", 1);
              return spec(every);
            });
    Config config =
        Config.parse(SmallConfig.EPOCHS, "small.yaml")
            .with(List.of("custom_hooks=[{type: Counter, every: 6, priority: LOW}]"));
    Experiment.read(config, components).run(folder, "small.yaml");
    assertThat(seen).containsExactly("5 of 100 at " + Priority.LOW, "11 of 100 at " + Priority.LOW);
  }

  @Test
  @DisplayName("D02 gradient clipping by the largest magnitude can be asked for")
  void infinityNorm() {
    Config config =
        Config.parse(SmallConfig.EPOCHS, "small.yaml")
            .with(List.of("optimizer_config.grad_clip={max_norm: 1, norm_type: .inf}"));
    assertThat(Experiment.read(config).run(folder, "small.yaml").progress().iter()).isEqualTo(12);
  }
}
