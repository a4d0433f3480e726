package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.profile.TorchProfiler;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.RequiresGpu;
import org.djlrunner.hook.EmaHook;
import org.djlrunner.hook.EmaMomentum;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.schedule.Fixed;
import org.djlrunner.schedule.LrSchedule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host waits for, as libtorch's profiler sees it. */
@RequiresGpu
class HostSyncTest {
  private static final int ITERATIONS = 20;

  @TempDir private Path folder;

  @Test
  @DisplayName("O07 twenty iterations with one log point copy once to the host, and wait once")
  void oneReadALogPoint() throws Exception {
    Path trace = folder.resolve("trace.json");
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                Networks.normed(),
                CrossEntropyLoss.hard(),
                Device.gpu(),
                0,
                Networks.normedInput());
        ArrayBatch data = Networks.batch(model.manager(), 8, Networks.normedInput(), 1);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.01).withMomentum(0.9), model.scalars())) {
      // Memory, kernels and the average come to life in the first run.
      run(model, data, sgd);
      TorchProfiler.record(trace, () -> run(model, data, sgd));
    }
    List<JsonNode> events = withinOperations(trace);
    assertThat(names(events, "kernel")).hasSizeGreaterThan(ITERATIONS);
    assertThat(names(events, "gpu_memcpy")).filteredOn(name -> name.contains("DtoH")).hasSize(1);
    assertThat(names(events, "cuda_runtime"))
        .filteredOn(name -> name.endsWith("Synchronize"))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(names(events, "cpu_op")).doesNotContain("aten::nonzero", "aten::masked_select");
  }

  /** One pass with the usual hooks over a batch that stays on the device. */
  private static void run(DjlModelStep<ArrayBatch> model, ArrayBatch data, Sgd sgd) {
    EpochBasedRunner<ArrayBatch> runner = DjlRunners.epochBased(model, sgd, 1).build();
    runner.registerHook(new LrUpdaterHook(new LrSchedule(new Fixed(), Every.Unit.ITER)));
    runner.registerHook(new OptimizerHook(new GradClip(5)));
    runner.registerHook(new EmaHook(model.average(), new EmaMomentum.Exponential(0.0002, 1000), 1));
    runner.registerHook(new IterTimerHook());
    runner.registerHook(new LoggerHook(ITERATIONS, Every.Unit.EPOCH, true, context -> line -> {}));
    Supplier<ArrayBatch> handles =
        () ->
            new ArrayBatch(
                model.manager(), data.size(), scope -> data.inputs(), scope -> data.labels());
    runner.run(
        List.of(new ListLoader<>(Collections.nCopies(ITERATIONS, handles))), Workflow.training());
  }

  /** The events between the first operation's beginning and the last one's end. */
  private static List<JsonNode> withinOperations(Path trace) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    double first = Double.MAX_VALUE;
    double last = 0;
    for (JsonNode event :
        JsonMapper.builder().build().readTree(trace.toFile()).path("traceEvents")) {
      if (event.path("ph").asText().equals("X")) {
        events.add(event);
        if (event.path("cat").asText().equals("cpu_op")) {
          first = Math.min(first, event.path("ts").asDouble());
          last = Math.max(last, event.path("ts").asDouble() + event.path("dur").asDouble());
        }
      }
    }
    double from = first;
    double to = last;
    events.removeIf(e -> e.path("ts").asDouble() < from || e.path("ts").asDouble() > to);
    return events;
  }

  private static List<String> names(List<JsonNode> events, String category) {
    return events.stream()
        .filter(event -> event.path("cat").asText().equals(category))
        .map(event -> event.path("name").asText())
        .toList();
  }
}
