package org.djlrunner.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JSON log makes of values that MMCV rounds to five decimals: nothing. */
@ExtendWith(VectorTally.class)
class RoundFloatVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("log/round_float.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("L18 L07 values keep all their digits")
  void digits(Case c) {
    if (c.at("value").equals(c.at("rounded"))) {
      c.equal(() -> assertThat(written(c)).isEqualTo(c.at("rounded")));
    } else {
      c.deviation("Q-H24", () -> assertThat(written(c)).isEqualTo(c.at("value")));
    }
  }

  private JsonNode written(Case c) throws IOException {
    Path file = folder.resolve("log.json");
    Map<String, @Nullable Object> meta = new HashMap<>();
    meta.put("value", JSON.convertValue(c.at("value"), Object.class));
    JsonLinesSink.open(file).describing(meta).close();
    return JSON.readTree(Files.readString(file)).path("value");
  }
}
