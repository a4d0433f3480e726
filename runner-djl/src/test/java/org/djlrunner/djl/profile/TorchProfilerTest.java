package org.djlrunner.djl.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@AlsoOnGpu
class TorchProfilerTest {
  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");

  @TempDir private Path folder;

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  @DisplayName("G02 a trace holds each operation, and on a GPU its kernels and copies")
  void trace() throws Exception {
    Path trace = folder.resolve("a name with spaces, longer than sixteen letters.json");
    NDArray square = manager.ones(new Shape(64, 64));
    for (int products = 1; products <= 3; products++) {
      int wanted = products;
      TorchProfiler.record(trace, () -> multiply(square, wanted));

      assertThat(names(trace, "cpu_op"))
          .filteredOn("aten::mm"::equals)
          .as("the file is written anew each time")
          .hasSize(products);
      if (Devices.isGpuTested()) {
        assertThat(names(trace, "kernel")).hasSizeGreaterThanOrEqualTo(products);
        assertThat(names(trace, "gpu_memcpy")).anyMatch(name -> name.contains("DtoH"));
      }
    }
  }

  @Test
  @DisplayName("G02 work that fails leaves no file, and the next recording is as good as any")
  void failure() throws Exception {
    Path trace = folder.resolve("trace.json");
    assertThatThrownBy(
            () ->
                TorchProfiler.record(
                    trace,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(trace).doesNotExist();

    TorchProfiler.record(trace, () -> multiply(manager.ones(new Shape(2, 2)), 1));

    assertThat(names(trace, "cpu_op")).contains("aten::mm");
  }

  @Test
  @DisplayName("G02 a recording within a recording, ours or DJL's, is refused and does no harm")
  void nested() throws Exception {
    Path outer = folder.resolve("outer.json");
    Path inner = folder.resolve("inner.json");
    NDArray square = manager.ones(new Shape(2, 2));
    TorchProfiler.record(
        outer,
        () -> {
          assertThatThrownBy(() -> TorchProfiler.record(inner, () -> {}))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("recording already");
          multiply(square, 1);
        });
    assertThat(names(outer, "cpu_op")).contains("aten::mm");

    JniUtils.startProfile(false, false, false);
    assertThatThrownBy(() -> TorchProfiler.record(inner, () -> {}))
        .isInstanceOf(IllegalStateException.class);
    JniUtils.stopProfile(inner.toString());
  }

  @Test
  @DisplayName("G02 a folder that isn't there is named")
  void noFolder() {
    Path trace = folder.resolve("none").resolve("trace.json");
    assertThatThrownBy(() -> TorchProfiler.record(trace, () -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(trace.toString());
  }

  private static void multiply(NDArray square, int times) {
    try (NDManager scope = square.getManager().newSubManager()) {
      square.tempAttach(scope);
      for (int i = 0; i < times; i++) {
        square.matMul(square).sum().getFloat();
      }
    }
  }

  private static List<String> names(Path trace, String category) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode event :
        JsonMapper.builder().build().readTree(trace.toFile()).path("traceEvents")) {
      if (event.path("cat").asText().equals(category)) {
        names.add(event.path("name").asText());
      }
    }
    return names;
  }
}
