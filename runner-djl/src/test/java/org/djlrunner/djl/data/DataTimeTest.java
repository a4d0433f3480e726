package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a step that keeps the device busy waits for its data.
 *
 * <p>Time is a number: a step takes 100 ms of it, a sample that the runner's own thread has to read
 * takes 1 ms. Workers read while a step runs, and at no other time, all that is then to be read: as
 * workers do that have more capacity than the step asks for.
 */
class DataTimeTest {
  private static final int BATCH = 8;
  private static final int BATCHES = 30;
  private static final long MILLI = 1_000_000;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final AtomicLong now = new AtomicLong();
  private final Thread runner = Thread.currentThread();
  private final Semaphore mayRead = new Semaphore(0);
  private final Semaphore wasRead = new Semaphore(0);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger stepsBegun = new AtomicInteger();
  private final AtomicInteger mostAhead = new AtomicInteger();
  private final NumberedImages images =
      new NumberedImages(BATCH * BATCHES) {
        @Override
        public void read(int index, ByteBuffer target) {
          if (Thread.currentThread() == runner) {
            now.addAndGet(MILLI);
          } else {
            // The batch that the next step is about to get is not ahead of it any more.
            int ahead = asked.incrementAndGet() - (stepsBegun.get() + 1) * BATCH;
            mostAhead.accumulateAndGet(ahead, Math::max);
            acquire(mayRead, 1, "the loop waits for a sample that no step left time to read");
          }
          super.read(index, target);
          wasRead.release();
        }
      };

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 2, false", "2, 2, false", "7, 1, false", "2, 3, true"})
  @DisplayName("D20 data_time is nothing as long as workers keep up; they are ahead by a bound")
  void waitsForNothing(int workers, int prefetch, boolean gpu) {
    LoaderOptions options = new LoaderOptions(BATCH, false, false, workers, prefetch, 0);
    int depth = workers * prefetch + (gpu ? AheadPass.DEPTH : 0);
    mayRead.release(depth * BATCH);

    assertThat(shares(options, gpu, depth)).hasSize(BATCHES).allMatch(share -> share < 0.02);
    assertThat(mostAhead.get()).isPositive().isLessThanOrEqualTo(depth * BATCH);
  }

  @Test
  @DisplayName("D20 without workers data_time is what reading a batch takes")
  void noWorkers() {
    LoaderOptions options = new LoaderOptions(BATCH, false, false, 0, 2, 0);

    // 8 of 108 ms, for the next batch; the first one is read when the pass is opened.
    List<Double> shares = shares(options, false, 0);
    assertThat(shares).hasSize(BATCHES).endsWith(0.);
    assertThat(shares.subList(0, BATCHES - 1)).containsOnly(8. / 108);
  }

  /** The share of {@code data_time} in the time of each iteration. */
  private List<Double> shares(LoaderOptions options, boolean gpu, int depth) {
    List<Double> shares = new ArrayList<>();
    BusyStep step = new BusyStep(depth);
    try (ImageLoader loader =
        gpu
            ? LoadedPasses.ahead(images, options, manager)
            : LoadedPasses.plain(images, options, manager)) {
      var run = EpochBasedRunner.builder(step, 1).ticker(now::get).build();
      run.registerHook(
          new Hook() {
            @Override
            public void afterTrainIter(HookContext context) {
              long time = context.ticker().nanos() - context.iterationStart();
              shares.add((double) context.dataNanos() / time);
            }
          });
      run.run(List.of(loader), Workflow.training());
    }
    return shares;
  }

  private static void acquire(Semaphore semaphore, int permits, String otherwise) {
    try {
      if (!semaphore.tryAcquire(permits, 20, TimeUnit.SECONDS)) {
        throw new AssertionError(otherwise);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Computes nothing for 100 ms, in which workers read the batch that is to be read then. */
  private final class BusyStep implements ModelStep<ImageBatch> {
    private final int depth;

    BusyStep(int depth) {
      this.depth = depth;
    }

    @Override
    public StepOutput trainStep(ImageBatch batch, StepContext context) {
      int begun = stepsBegun.incrementAndGet();
      if (depth > 0) {
        if (begun == 1) {
          acquire(wasRead, Math.min(depth, BATCHES) * BATCH, "the first batches were not read");
        }
        if (begun + depth <= BATCHES) {
          mayRead.release(BATCH);
          acquire(wasRead, BATCH, "no batch is read ahead during step " + begun);
        }
      }
      now.addAndGet(100 * MILLI);
      return new StepOutput(null, Map.of(), batch.size(), () -> {});
    }

    @Override
    public Scope enter(Mode mode) {
      return () -> {};
    }
  }
}
