package org.djlrunner.hook;

import java.util.Map;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.djlrunner.spi.Snapshots.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The newest state known to give finite losses.
 *
 * <p>A finite loss speaks for the weights it was computed with, not for those after its update. So
 * a new copy only replaces the good one when a later loss has borne it out.
 */
final class GoodState implements AutoCloseable {
  private final Snapshots snapshots;
  private final Map<String, Optimizer> optimizers;
  private @Nullable Snapshot good;
  private @Nullable Snapshot unproven;

  /** Begins with the present state as the good one. */
  GoodState(Snapshots snapshots, Map<String, Optimizer> optimizers) {
    this.snapshots = snapshots;
    this.optimizers = optimizers;
    this.good = snapshots.take(optimizers);
  }

  /** The loss that followed the newest copy was finite. */
  void prove() {
    if (unproven != null) {
      closeGood();
      good = unproven;
      unproven = null;
    }
  }

  /** Copies the present state, whose loss isn't known yet. */
  void take() {
    discard();
    unproven = snapshots.take(optimizers);
  }

  /** Puts the model back to the good state. */
  void restore() {
    discard();
    if (good != null) {
      good.restore();
    }
  }

  @Override
  public void close() {
    discard();
    closeGood();
  }

  private void discard() {
    if (unproven != null) {
      unproven.close();
      unproven = null;
    }
  }

  private void closeGood() {
    if (good != null) {
      good.close();
      good = null;
    }
  }
}
