package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that a side thread copies to the device, here from and to a CPU's memory. */
@DisplayName("W05 batches copied ahead")
class AheadPassTest {
  private static final LoaderOptions ONE_BY_ONE = new LoaderOptions(1, false, false, 0, 1, 0);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void theyAreTheBatchesOfAnOrdinaryLoader(int workers) {
    NumberedImages images = new NumberedImages(50);
    LoaderOptions options = new LoaderOptions(8, true, false, workers, 2, 3);
    try (ImageLoader plain = LoadedPasses.plain(images, options, manager);
        ImageLoader ahead = LoadedPasses.ahead(images, options, manager)) {
      for (int pass = 0; pass < 3; pass++) {
        assertThat(LoadedPasses.read(ahead, pass, pass))
            .isEqualTo(LoadedPasses.read(plain, pass, pass))
            .hasSize(7 - pass);
      }
      assertThat(LoadedPasses.read(ahead, 0, 9)).isEmpty();
    }
  }

  @Test
  void batchesHeldAtTheSameTimeDoNotShareMemory() {
    try (ImageLoader loader =
            LoadedPasses.ahead(
                new NumberedImages(40), new LoaderOptions(1, false, false, 2, 2, 0), manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      List<ImageBatch> held = new ArrayList<>();
      pass.forEachRemaining(held::add);

      for (int i = 0; i < 40; i++) {
        assertThat(held.get(i).pixels().toUint8Array()).containsOnly(i);
        held.get(i).close();
      }
    }
  }

  @Test
  void theSideThreadIsNoFurtherAheadThanItMay() {
    AtomicInteger read = new AtomicInteger();
    NumberedImages images =
        new NumberedImages(100) {
          @Override
          public void read(int index, ByteBuffer target) {
            read.incrementAndGet();
            super.read(index, target);
          }
        };
    try (ImageLoader loader = LoadedPasses.ahead(images, ONE_BY_ONE, manager)) {
      DataPass<ImageBatch> pass = loader.open(0);
      pass.next().close();
      pass.next().close();
      // Waits for the side thread.
      pass.close();

      // Beside those on the device one is being assembled.
      assertThat(read).hasValueLessThanOrEqualTo(2 + AheadPass.DEPTH + 1);
    }
  }

  @Test
  void aFailureSurfacesAtTheBatchItBelongsTo() {
    NumberedImages broken =
        new NumberedImages(4) {
          @Override
          public void read(int index, ByteBuffer target) {
            if (index == 1) {
              throw new DataException("image 1 is unreadable");
            }
            super.read(index, target);
          }
        };
    try (ImageLoader loader = LoadedPasses.ahead(broken, ONE_BY_ONE, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      pass.next().close();
      assertThatThrownBy(pass::next)
          .isInstanceOf(DataException.class)
          .hasMessage("image 1 is unreadable");
      try (ImageBatch third = pass.next()) {
        assertThat(third.sampleIndices()).containsExactly(2);
      }
    }
  }

  @Test
  void aPassThatIsOverOrClosedHasNoNextBatch() {
    try (ImageLoader loader = LoadedPasses.ahead(new NumberedImages(2), ONE_BY_ONE, manager)) {
      DataPass<ImageBatch> pass = loader.open(0);
      pass.next().close();
      pass.close();
      pass.close();

      assertThat(pass.hasNext()).isFalse();
      assertThatThrownBy(pass::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  @DisplayName("D05 passes closed halfway leave no array behind")
  void halfPasses() {
    LoaderOptions options = new LoaderOptions(2, true, false, 2, 2, 0);
    try (ImageLoader loader = LoadedPasses.ahead(new NumberedImages(30), options, manager)) {
      int before = LiveCount.below(manager);
      for (int pass = 0; pass < 50; pass++) {
        try (DataPass<ImageBatch> half = loader.open(pass)) {
          half.next().close();
          half.next().close();
        }
      }

      // A worker may still be busy with a slot, two arrays, of the pass before.
      assertThat(LiveCount.below(manager)).isBetween(before, before + 2 * options.workers());
    }
    assertThat(LiveCount.below(manager)).isZero();
  }

  @Test
  void aThreadThatIsInterruptedWhileItWaitsLeavesTheBatchToTheClosing() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    NumberedImages blocked =
        new NumberedImages(4) {
          @Override
          public void read(int index, ByteBuffer target) {
            entered.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            super.read(index, target);
          }
        };
    LoaderOptions options = new LoaderOptions(1, false, false, 1, 1, 0);
    try (ImageLoader loader = LoadedPasses.ahead(blocked, options, manager)) {
      DataPass<ImageBatch> pass = loader.open(0);
      entered.await();
      Thread.currentThread().interrupt();
      assertThatThrownBy(pass::next).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      go.countDown();

      try (ImageBatch first = pass.next()) {
        assertThat(first.sampleIndices()).containsExactly(0);
      }
      pass.close();
    }
  }
}
