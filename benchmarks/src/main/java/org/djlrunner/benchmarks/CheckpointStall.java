package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Workflow;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.checkpoint.DjlCheckpointCodec;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.PreparedImages;
import org.djlrunner.djl.data.SyntheticImages;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.spi.CheckpointCodec.Capture;
import org.djlrunner.spi.Optimizer;

/**
 * How long training stands still for a checkpoint of ResNet-50 with momentum, 205 MB, that is
 * written in the background: the time of {@code capture}, beside that of {@code write}, which
 * flushes and renames as a run does. On a CPU a copy is a pass over main memory; on a GPU it is one
 * over its own. Medians of rounds in which both take turns.
 *
 * <pre>
 *   ./benchmarks/run --main org.djlrunner.benchmarks.CheckpointStall FOLDER [ROUNDS]
 * </pre>
 */
public final class CheckpointStall {
  private static final int ROUNDS = 9;

  private CheckpointStall() {}

  /** Measures in the folder named by the first argument, on the first GPU if there is one. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("usage: CheckpointStall FOLDER [ROUNDS]");
      System.exit(2);
    }
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "checkpoint-stall");
    ImageShape images = new ImageShape(64, 64, 3);
    Device device = Engine.getInstance().defaultDevice();
    try (DjlModelStep<ImageBatch> model =
            new DjlModelStep<>(
                new ResNet(ResNetDepth.of(50), 1000, false),
                CrossEntropyLoss.hard(),
                device,
                0,
                new Shape(1, 3, 64, 64));
        ImageLoader loader =
            new ImageLoader(
                PreparedImages.of(new SyntheticImages(4, images, 1000, 0), Pipeline.NONE, 0),
                LoaderOptions.training(4, 0),
                model.manager());
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1).withMomentum(0.9), model.scalars())) {
      EpochBasedRunner<ImageBatch> runner = DjlRunners.epochBased(model, sgd, 1).build();
      runner.registerHook(new OptimizerHook());
      runner.run(List.of(loader), Workflow.training());
      measure(new DjlCheckpointCodec(model), Map.of("default", sgd), folder, rounds);
    } finally {
      for (String name : List.of("stall.safetensors", CheckpointStore.LATEST)) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  private static void measure(
      DjlCheckpointCodec codec, Map<String, Optimizer> optimizers, Path folder, int rounds)
      throws IOException {
    CheckpointStore store = new CheckpointStore(folder);
    Map<String, double[]> millis = new LinkedHashMap<>();
    millis.put("capture", new double[rounds]);
    millis.put("write", new double[rounds]);
    for (int i = -1; i < rounds; i++) {
      long start = System.nanoTime();
      try (Capture capture = codec.capture(optimizers)) {
        long captured = System.nanoTime();
        store.save("stall.safetensors", path -> capture.write(path, Map.of()));
        long written = System.nanoTime();
        if (i >= 0) {
          millis.get("capture")[i] = (captured - start) / 1e6;
          millis.get("write")[i] = (written - captured) / 1e6;
        }
      }
    }
    double megabytes = Files.size(folder.resolve("stall.safetensors")) / 1e6;
    millis.forEach(
        (what, took) -> {
          Arrays.sort(took);
          System.out.printf(
              "%-8s %7.1f ms (%.1f to %.1f)  %.0f MB%n",
              what, took[rounds / 2], took[0], took[rounds - 1], megabytes);
        });
    System.out.printf(
        "stall    %.1f %% of the write%n",
        100 * millis.get("capture")[rounds / 2] / millis.get("write")[rounds / 2]);
  }
}
