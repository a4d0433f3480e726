package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a step that keeps the device busy waits for its data.
 *
 * <p>Time is a number, which passes in two places: a step takes 100 ms of it, and while it runs
 * workers read as many samples as their capacity allows; and where a batch is asked for that is not
 * read, the time until workers have read the rest of it.
 */
class DataTimeTest {
  private static final int BATCH = 8;
  private static final int BATCHES = 30;
  private static final long STEP = 100_000_000;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final AtomicLong now = new AtomicLong();
  private final Gate gate = new Gate();
  private final NumberedImages images =
      new NumberedImages(BATCH * BATCHES) {
        @Override
        public void read(int index, ByteBuffer target) {
          gate.pass(index);
          super.read(index, target);
          gate.done();
        }
      };

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 2, false", "2, 2, false", "7, 1, false", "2, 3, true"})
  @DisplayName(
      "D20 data_time is next to nothing as long as workers can read faster than steps take")
  void fastEnough(int workers, int prefetch, boolean gpu) {
    for (int capacity : new int[] {BATCH, 3 * BATCH}) {
      assertThat(shares(workers, prefetch, gpu, capacity))
          .hasSize(BATCHES - 1)
          .allMatch(share -> share < 0.02);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, false", "2, 2, false", "7, 1, false", "2, 3, true"})
  @DisplayName("D20 data_time is what the step is too fast for workers that can read less")
  void tooSlow(int workers, int prefetch, boolean gpu) {
    // A batch takes 200 ms, of which the step leaves 100.
    assertThat(shares(workers, prefetch, gpu, BATCH / 2))
        .hasSize(BATCHES - 1)
        .allMatch(share -> share == 0.5);
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 1", "1, 2, 2", "2, 3, 6", "7, 1, 7"})
  @DisplayName("D20 loaders are a bounded number of batches ahead")
  void bound(int workers, int prefetch, int ahead) {
    gate.openUpTo(BATCH * BATCHES);
    LoaderOptions options = new LoaderOptions(BATCH, false, false, workers, prefetch, 0);
    try (ImageLoader loader = LoadedPasses.plain(images, options, manager);
        PrefetchingPass<?, ImageBatch> pass = (PrefetchingPass<?, ImageBatch>) loader.open(0)) {
      assertThat(pass.started()).isEqualTo(ahead);
      for (int taken = 1; taken <= BATCHES; taken++) {
        pass.next().close();
        assertThat(pass.started()).isEqualTo(Math.min(taken + ahead, BATCHES));
      }
    }
  }

  /**
   * The share of {@code data_time} in the time of each iteration but the first, whose batch nobody
   * could read before.
   *
   * @param capacity samples that workers can read during a step
   */
  private List<Double> shares(int workers, int prefetch, boolean gpu, int capacity) {
    gate.reset();
    List<Double> shares = new ArrayList<>();
    LoaderOptions options = new LoaderOptions(BATCH, false, false, workers, prefetch, 0);
    Workers reading = new Workers(capacity, workers * prefetch + (gpu ? AheadPass.DEPTH : 0));
    try (ImageLoader loader =
        gpu
            ? LoadedPasses.ahead(images, options, manager)
            : LoadedPasses.plain(images, options, manager)) {
      var run = EpochBasedRunner.builder(new BusyStep(reading), 1).ticker(now::get).build();
      run.registerHook(
          new Hook() {
            @Override
            public void afterTrainIter(HookContext context) {
              if (context.progress().iter() > 0) {
                long time = context.ticker().nanos() - context.iterationStart();
                shares.add((double) context.dataNanos() / time);
              }
            }
          });
      run.run(List.of(new Watched(loader, reading)), Workflow.training());
    }
    return shares;
  }

  /** Lets samples be read in their order, up to a number that moves on. */
  private static final class Gate {
    private int open;
    private int read;

    synchronized void reset() {
      open = 0;
      read = 0;
    }

    /** Waits until sample {@code index} may be read. */
    synchronized void pass(int index) {
      await(() -> index < open, "nobody gives the workers time to read sample " + index);
    }

    synchronized void done() {
      read++;
      notifyAll();
    }

    synchronized void openUpTo(int samples) {
      open = samples;
      notifyAll();
    }

    /** Waits until all samples that may be read are. */
    synchronized void awaitRead(String otherwise) {
      await(() -> read == open, otherwise);
    }

    private void await(BooleanSupplier condition, String otherwise) {
      long begin = System.nanoTime();
      while (!condition.getAsBoolean()) {
        try {
          wait(1_000);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        if (System.nanoTime() - begin > 20_000_000_000L) {
          throw new AssertionError(otherwise);
        }
      }
    }
  }

  /** Lets workers read what they have time for, and what the loader has them read ahead. */
  private final class Workers {
    private final int capacity;
    private final int depth;
    private int read;
    private int taken;

    Workers(int capacity, int depth) {
      this.capacity = capacity;
      this.depth = depth;
    }

    /** The time of a step, during which batches behind the one taken are read. */
    void duringStep() {
      int wanted = Math.min(taken + depth, BATCHES) * BATCH;
      read(Math.min(capacity, wanted - read), "no batch is read ahead during a step");
      now.addAndGet(STEP);
    }

    /** The time until the next batch is complete. */
    void beforeBatch() {
      taken++;
      int missing = Math.max(0, taken * BATCH - read);
      read(missing, "a batch that is asked for is not read");
      now.addAndGet(STEP / capacity * missing);
    }

    private void read(int samples, String otherwise) {
      read += samples;
      gate.openUpTo(read);
      gate.awaitRead(otherwise);
    }
  }

  /** A loader whose batches take the time that they take. */
  private record Watched(ImageLoader loader, Workers workers) implements DataLoader<ImageBatch> {
    @Override
    public OptionalInt length() {
      return loader.length();
    }

    @Override
    public DataPass<ImageBatch> open(int pass, int firstBatch) {
      DataPass<ImageBatch> batches = loader.open(pass, firstBatch);
      return new DataPass<>() {
        @Override
        public boolean hasNext() {
          return batches.hasNext();
        }

        @Override
        public ImageBatch next() {
          workers.beforeBatch();
          return batches.next();
        }

        @Override
        public void close() {
          batches.close();
        }
      };
    }
  }

  /** Computes nothing, which takes the device 100 ms. */
  private record BusyStep(Workers workers) implements ModelStep<ImageBatch> {
    @Override
    public StepOutput trainStep(ImageBatch batch, StepContext context) {
      workers.duringStep();
      return new StepOutput(null, Map.of(), batch.size(), () -> {});
    }

    @Override
    public Scope enter(Mode mode) {
      return () -> {};
    }
  }
}
