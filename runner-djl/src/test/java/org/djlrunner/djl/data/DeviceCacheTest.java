package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A data set kept on the device, and the batches gathered there. */
@DisplayName("W04 data kept on the device")
class DeviceCacheTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"true, false, 0", "true, true, 2", "false, false, 3"})
  @DisplayName(
      "W04 D08 its batches are, bit for bit, those of an ordinary loader with the same seed")
  void sameBatches(boolean shuffle, boolean dropLast, int workers) {
    Glyphs images = new Glyphs(50, 7);
    LoaderOptions options = new LoaderOptions(8, shuffle, dropLast, workers, 2, 3);
    try (ImageLoader plain = LoadedPasses.plain(images, options, manager);
        ImageLoader cached = LoadedPasses.plain(images, options.cached(true), manager);
        ImageLoader copied = LoadedPasses.ahead(images, options.cached(true), manager)) {
      assertThat(cached.length()).isEqualTo(plain.length());
      assertThat(cached.shape()).isEqualTo(plain.shape());
      assertThat(cached.samples()).isEqualTo(50);
      for (int pass = 0; pass < 3; pass++) {
        assertThat(LoadedPasses.read(cached, pass, pass))
            .isEqualTo(LoadedPasses.read(plain, pass, pass))
            .isEqualTo(LoadedPasses.read(copied, pass, pass))
            .isNotEmpty();
      }
      assertThat(LoadedPasses.read(cached, 0, 7)).isEmpty();
    }
  }

  @Test
  void eachImageIsReadOnceFromTheDataSet() {
    Set<Integer> seen = new HashSet<>();
    NumberedImages images =
        new NumberedImages(40) {
          @Override
          public void read(int index, ByteBuffer target) {
            assertThat(seen.add(index)).isTrue();
            super.read(index, target);
          }
        };
    LoaderOptions options = new LoaderOptions(8, true, false, 0, 2, 3).cached(true);
    try (ImageLoader cached = LoadedPasses.plain(images, options, manager)) {
      for (int pass = 0; pass < 3; pass++) {
        assertThat(LoadedPasses.read(cached, pass, 0)).hasSize(5);
      }
    }
    assertThat(seen).hasSize(40);
  }

  @Test
  @DisplayName("W04 D05 live arrays are constant over 1,000 batches and all freed at the end")
  void liveArrays() {
    LoaderOptions options = new LoaderOptions(4, true, false, 2, 2, 0).cached(true);
    try (ImageLoader cached = LoadedPasses.plain(new NumberedImages(400), options, manager)) {
      int atRest = LiveCount.below(manager);
      for (int pass = 0; pass < 10; pass++) {
        try (DataPass<ImageBatch> batches = cached.open(pass)) {
          int inPass = LiveCount.below(manager);
          for (int i = 0; i < 100; i++) {
            batches.next().close();
            assertThat(LiveCount.below(manager)).isEqualTo(inPass);
          }
        }
        assertThat(LiveCount.below(manager)).isEqualTo(atRest);
      }
    }
    assertThat(manager.getManagedArrays()).isEmpty();
  }

  @Test
  void aPassThatIsOverHasNoNextBatch() {
    LoaderOptions options = LoaderOptions.evaluation(4).cached(true);
    try (ImageLoader cached = LoadedPasses.plain(new NumberedImages(4), options, manager);
        DataPass<ImageBatch> pass = cached.open(0)) {
      pass.next().close();

      assertThat(pass.hasNext()).isFalse();
      assertThatThrownBy(pass::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void whatIsMoreThanItMayTakeIsRefusedBeforeAnythingIsRead() {
    NumberedImages unread =
        new NumberedImages(1_000_000, new ImageShape(100, 100, 1)) {
          @Override
          public void read(int index, ByteBuffer target) {
            throw new AssertionError("read");
          }
        };
    LoaderOptions options = LoaderOptions.training(4, 0).cached(true);
    MemoryBudget budget = new MemoryBudget(4_000_000_000L, "half of what is free on gpu:0");

    assertThatThrownBy(
            () -> new ImageLoader(unread, options, LoadedPasses.RAW, manager, false, () -> budget))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cache: device would keep the data set's 10.01 GB there, but may take 4.00 GB, half of"
                + " what is free on gpu:0; leave out cache: batches are then loaded ahead of the"
                + " step");
  }

  @Test
  void aCpuMayTakeHalfOfTheMachine() {
    MemoryBudget budget = MemoryBudget.of(Device.cpu());

    assertThat(budget.bytes()).isBetween(1L << 20, 1L << 44);
    assertThat(budget.where()).isEqualTo("half of this machine's memory");
  }

  @Test
  void anImageThatCannotBeReadIsAnErrorOfTheLoader() {
    NumberedImages broken =
        new NumberedImages(12) {
          @Override
          public void read(int index, ByteBuffer target) {
            throw new DataException("image " + index + " is unreadable");
          }
        };
    LoaderOptions options = LoaderOptions.evaluation(4).cached(true);

    assertThatThrownBy(() -> LoadedPasses.plain(broken, options, manager))
        .isInstanceOf(DataException.class)
        .hasMessage("image 0 is unreadable");
    assertThat(LiveCount.below(manager)).isZero();
  }
}
