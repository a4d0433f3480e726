package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.testkit.HookClasses;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** At which stages a hook does something, by what its class overrides, against MMCV. */
@ExtendWith(VectorTally.class)
class TriggeredStageVectorsTest {
  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("trace/triggered_stages.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("H03 the stages follow from the methods that a class overrides")
  void stages(Case c) {
    c.equal(
        () -> {
          Hook hook = HookClasses.overriding(folder, "Recorded", texts(c.at("overridden")));
          assertThat(hook.triggeredStages())
              .extracting(Stage::toString)
              .isEqualTo(texts(c.at("triggered_stages")));
        });
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
