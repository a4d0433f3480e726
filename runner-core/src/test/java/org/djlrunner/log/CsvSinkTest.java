package org.djlrunner.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.testkit.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSinkTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("L13 a row a record; names that come later are columns at the right")
  void rows() {
    Path file = folder.resolve("log.csv");
    try (CsvSink sink = CsvSink.open(file)) {
      sink.write(LogRecords.train(50, Map.of("loss", 0.1 + 0.2)));
      sink.write(LogRecords.val(50, Map.of("accuracy_top-1", 99.5)));
      assertThat(file)
          .hasContent(
              """
              mode,epoch,iter,step,lr,momentum,loss,accuracy_top-1
              train,1,50,50,0.1,0.9,0.30000000000000004,
              val,1,50,50,0.1,0.9,,99.5
              """);
      sink.write(LogRecords.train(100, Map.of("loss", Double.NaN)));
    }
    assertThat(file).content().endsWith("\ntrain,1,100,100,0.1,0.9,NaN,\n");
    assertThat(folder.toFile().list()).containsExactly("log.csv");
  }

  @Test
  @DisplayName("L13 names with commas, quotes and line breaks stay in their cells")
  void quoting() {
    Path file = folder.resolve("log.csv");
    try (CsvSink sink = CsvSink.open(file)) {
      sink.write(LogRecords.of(new Mode("a,b"), 1, Map.of(), Map.of("say \"x\"", 1.0)));
      sink.write(LogRecords.of(new Mode("a\nb"), 1, Map.of(), Map.of("y", 2.0)));
    }
    assertThat(file)
        .hasContent(
            """
            mode,epoch,iter,step,"say ""x""\",y
            "a,b",1,1,1,1.0,
            a b,1,1,1,,2.0
            """);
  }

  @Test
  @DisplayName("L13 each optimizer has its columns")
  void optimizers() {
    Path file = folder.resolve("log.csv");
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    rates.put("gen", List.of(1.0));
    rates.put("dis", List.of(2.0));
    try (CsvSink sink = CsvSink.open(file)) {
      sink.write(LogRecords.of(Mode.TRAIN, 1, rates, Map.of()));
    }
    assertThat(file)
        .hasContent(
            """
            mode,epoch,iter,step,lr_gen,lr_dis,momentum_gen,momentum_dis
            train,1,1,1,1.0,2.0,9.0,18.0
            """);
  }
}
