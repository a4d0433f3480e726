package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.djlrunner.djl.data.sampler.SequentialSampler;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a loader ends its threads, and what becomes of those who wait for them. */
@DisplayName("D18 the end of a loader's threads")
class LoaderThreadsTest {
  private static final LoaderOptions ONE_WORKER = new LoaderOptions(1, false, false, 1, 2, 0);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final CountDownLatch entered = new CountDownLatch(1);
  private final AtomicInteger inside = new AtomicInteger();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptedThreadWaitsAllTheSameAndStaysInterrupted(boolean ahead)
      throws InterruptedException {
    ImageLoader loader = loader(new UntilInterrupted(), ONE_WORKER, ahead);
    loader.open(0);
    entered.await();
    Thread.currentThread().interrupt();

    loader.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(inside).hasValue(0);
    assertThat(LiveCount.below(manager)).isZero();
  }

  @Test
  void anInterruptedThreadWaitsUntilItsPassIsClosed() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    try (ImageLoader loader = loader(new UntilReleased(go), ONE_WORKER, true)) {
      DataPass<ImageBatch> pass = loader.open(0);
      awaitSideThread();
      Thread closing = Thread.currentThread();
      Thread release =
          new Thread(
              () -> {
                // Let go once the closing thread waits, or has run past where it should.
                while (closing.getState() != Thread.State.TIMED_WAITING
                    && closing.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
                go.countDown();
              });
      closing.interrupt();
      release.start();

      pass.close();

      assertThat(go.getCount()).isZero();
      assertThat(Thread.interrupted()).isTrue();
      release.join();
    }
  }

  @Test
  void memoryThatABusyThreadMayStillWriteToIsNotFreed() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    DeviceNormalization normalization = DeviceNormalization.of(LoadedPasses.RAW, manager);
    BatchAssembler assembler = BatchAssembler.of(new UntilReleased(go), manager);
    AssembledBatches batches =
        new AssembledBatches(assembler, ONE_WORKER, normalization, manager, true, Duration.ZERO);
    batches.open(PassOrder.of(new SequentialSampler(4), 0), 0);
    entered.await();
    List<NDArray> own = List.of(normalization.mean(), normalization.std());
    List<NDArray> slots =
        manager.getManagedArrays().stream()
            .filter(array -> own.stream().noneMatch(other -> other == array))
            .toList();
    assertThat(slots).isNotEmpty();

    batches.close();
    manager.close();

    assertThat(own).allMatch(NDArray::isReleased);
    assertThat(slots).noneMatch(NDArray::isReleased);
    go.countDown();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "0, true", "1, true"})
  void aPassThatOutlivesItsLoaderSaysSoAndCanBeClosed(int workers, boolean ahead) {
    LoaderOptions options = new LoaderOptions(1, false, false, workers, 2, 0);
    ImageLoader loader = loader(new NumberedImages(9), options, ahead);
    DataPass<ImageBatch> pass = loader.open(0);
    pass.next().close();

    loader.close();

    assertThatThrownBy(pass::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(Background.LOADER_CLOSED);
    pass.close();
    assertThat(pass.hasNext()).isFalse();
    assertThatThrownBy(() -> loader.open(1)).hasMessage(Background.LOADER_CLOSED);
    assertThat(LiveCount.below(manager)).isZero();
  }

  @Test
  void whoWaitsForWorkThatTheyDidNotComeToIsToldThatTheLoaderIsClosed()
      throws InterruptedException {
    LoaderThreads threads = new LoaderThreads(1, "test-", loop -> loop, LoaderThreads.PATIENCE);
    CountDownLatch never = new CountDownLatch(1);
    Future<Integer> first =
        threads.submit(
            () -> {
              entered.countDown();
              never.await();
              return 0;
            });
    entered.await();
    Future<Integer> second = threads.submit(() -> 1);

    assertThat(threads.end()).isTrue();

    assertThat(first).isDone();
    Future<Integer> late = threads.submit(() -> 2);
    for (Future<Integer> cancelled : List.of(second, late)) {
      assertThatThrownBy(() -> Background.result(cancelled, "a batch"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(Background.LOADER_CLOSED);
    }
  }

  /**
   * Until the side thread asks for its first batch; a pass closed before has nothing to wait for.
   */
  private static void awaitSideThread() {
    while (Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("data-loader-to-device-"))
        .flatMap(thread -> Stream.of(thread.getValue()))
        .noneMatch(frame -> frame.getClassName().equals(PrefetchingPass.class.getName()))) {
      Thread.onSpinWait();
    }
  }

  private ImageLoader loader(ImageDataset images, LoaderOptions options, boolean ahead) {
    return ahead
        ? LoadedPasses.ahead(images, options, manager)
        : LoadedPasses.plain(images, options, manager);
  }

  /** Images whose reader stays busy until its thread is interrupted, and a little longer. */
  private final class UntilInterrupted extends NumberedImages {
    UntilInterrupted() {
      super(4);
    }

    @Override
    public void read(int index, ByteBuffer target) {
      inside.incrementAndGet();
      entered.countDown();
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 5_000_000; i++) {
        Thread.onSpinWait();
      }
      super.read(index, target);
      inside.decrementAndGet();
    }
  }

  /** Images whose reader stays busy until it is let go, interrupted or not. */
  private final class UntilReleased extends NumberedImages {
    private final CountDownLatch go;

    UntilReleased(CountDownLatch go) {
      super(4);
      this.go = go;
    }

    @Override
    public void read(int index, ByteBuffer target) {
      inside.incrementAndGet();
      entered.countDown();
      while (go.getCount() > 0) {
        Thread.onSpinWait();
      }
      super.read(index, target);
      inside.decrementAndGet();
    }
  }
}
