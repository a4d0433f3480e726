package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loader uses the memory of its batches again and leaves no work behind. */
class BatchSlotsTest {
  private static final Normalization RAW = new Normalization(List.of(0.0), List.of(1.0));

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void slotsAreNoMoreThanBatchesInTheMakingAndInUse() {
    LoaderOptions options = new LoaderOptions(2, true, false, 2, 3, 0);
    SlotCounter images = new SlotCounter(100);
    try (ImageLoader loader = new ImageLoader(images, options, RAW, manager)) {
      for (int pass = 0; pass < 20; pass++) {
        readAll(loader, pass);
      }

      assertThat(images.slots()).isLessThanOrEqualTo(options.depth() + 1);
    }
  }

  @Test
  void aPassClosedHalfwayLeavesItsSlotsToTheNext() {
    LoaderOptions options = new LoaderOptions(2, true, false, 2, 3, 0);
    SlotCounter images = new SlotCounter(100);
    try (ImageLoader loader = new ImageLoader(images, options, RAW, manager)) {
      for (int pass = 0; pass < 50; pass++) {
        try (DataPass<ImageBatch> half = loader.open(pass)) {
          half.next().close();
          half.next().close();
        }
      }
      assertThat(readAll(loader, 0)).isEqualTo(50);

      // A worker may still be busy with a batch of the pass before.
      assertThat(images.slots()).isLessThanOrEqualTo(options.depth() + 1 + options.workers());
    }
  }

  @Test
  void aFailedBatchLeavesItsSlotToTheNext() {
    SlotCounter images =
        new SlotCounter(4) {
          @Override
          public void read(int index, ByteBuffer target) {
            super.read(index, target);
            throw new DataException("unreadable");
          }
        };
    LoaderOptions options = new LoaderOptions(1, false, false, 0, 1, 0);
    try (ImageLoader loader = new ImageLoader(images, options, RAW, manager)) {
      for (int pass = 0; pass < 5; pass++) {
        loader.open(pass).close();
      }

      assertThat(images.slots()).isEqualTo(1);
    }
  }

  @Test
  void closingABatchTwiceGivesItsSlotBackOnce() {
    LoaderOptions options = new LoaderOptions(1, false, false, 0, 1, 0);
    try (ImageLoader loader = new ImageLoader(new NumberedImages(4), options, RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      ImageBatch first = pass.next();
      first.close();
      first.close();

      try (ImageBatch second = pass.next();
          ImageBatch third = pass.next()) {
        assertThat(second.pixels().toUint8Array()).containsOnly(1);
        assertThat(third.pixels().toUint8Array()).containsOnly(2);
      }
    }
  }

  @Test
  void batchesHeldAtTheSameTimeDoNotShareMemory() {
    LoaderOptions options = new LoaderOptions(1, false, false, 2, 1, 0);
    try (ImageLoader loader = new ImageLoader(new NumberedImages(6), options, RAW, manager);
        DataPass<ImageBatch> pass = loader.open(0)) {
      List<ImageBatch> held = new ArrayList<>();
      while (pass.hasNext()) {
        held.add(pass.next());
      }

      for (int i = 0; i < held.size(); i++) {
        assertThat(held.get(i).pixels().toUint8Array()).containsOnly(i);
        held.get(i).close();
      }
    }
  }

  @Test
  void noWorkerIsInTheDataSetOnceTheLoaderIsClosed() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch entered = new CountDownLatch(1);
    NumberedImages slow =
        new NumberedImages(4) {
          @Override
          public void read(int index, ByteBuffer target) {
            inside.incrementAndGet();
            entered.countDown();
            // Busy until the loader ends its workers, and a little longer.
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            for (int i = 0; i < 5_000_000; i++) {
              Thread.onSpinWait();
            }
            super.read(index, target);
            inside.decrementAndGet();
          }
        };
    ImageLoader loader =
        new ImageLoader(slow, new LoaderOptions(1, false, false, 1, 1, 0), RAW, manager);
    try (DataPass<ImageBatch> pass = loader.open(0)) {
      entered.await();
      pass.close();
    }

    loader.close();

    assertThat(inside).hasValue(0);
  }

  /** Images that remember the slots they were written to. */
  private static class SlotCounter extends NumberedImages {
    private final Set<ByteBuffer> slots =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    SlotCounter(int size) {
      super(size);
    }

    @Override
    public void read(int index, ByteBuffer target) {
      slots.add(target);
      super.read(index, target);
    }

    int slots() {
      return slots.size();
    }
  }

  private static int readAll(ImageLoader loader, int pass) {
    int batches = 0;
    try (DataPass<ImageBatch> all = loader.open(pass)) {
      while (all.hasNext()) {
        all.next().close();
        batches++;
      }
    }
    return batches;
  }
}
