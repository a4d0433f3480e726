package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.kernel.KernelRows;
import org.djlrunner.djl.kernel.TorchKernels;
import org.jspecify.annotations.Nullable;

/**
 * The flat gradient of a step, and what is carried over from steps before.
 *
 * <p>Slots whose gradient is absent, which is what PyTorch calls None, may hold anything in the
 * flat array: nobody reads them, and the next gradient overwrites them instead of adding to them.
 */
final class ArenaGradient {
  private final NDManager manager;
  private final BitSet present = new BitSet();
  private final BitSet used = new BitSet();
  private final BitSet carried = new BitSet();
  private @Nullable NDArray leaf;
  private @Nullable NDArray flat;
  private boolean merged;

  /** What is carried over belongs to this manager. */
  ArenaGradient(NDManager manager) {
    this.manager = manager;
  }

  /** Begins a step whose backward leaves its gradient at {@code leaf}. */
  void begin(NDArray leaf) {
    if (this.leaf != null) {
      end();
    }
    this.leaf = leaf;
  }

  /** The slots that take part in the step at hand. */
  BitSet used() {
    return used;
  }

  /** Gradient of the step at hand plus what was carried over; null if there is neither. */
  @Nullable NDArray flat(ArenaLayout layout) {
    merge(layout);
    return flat;
  }

  boolean isPresent(int slot) {
    return present.get(slot);
  }

  void drop(ArenaLayout layout, BitSet slots) {
    merge(layout);
    present.andNot(slots);
  }

  void carry(ArenaLayout layout, BitSet slots) {
    merge(layout);
    carried.or(slots);
  }

  /** Ends the step; only what {@link #carry} named stays. */
  void end() {
    leaf = null;
    merged = false;
    used.clear();
    present.and(carried);
    carried.clear();
    if (flat != null) {
      if (present.isEmpty()) {
        flat.close();
        flat = null;
      } else {
        flat.attach(manager);
      }
    }
  }

  /**
   * A copy of what was carried over to the step to come, by name and in the parameters' shapes.
   *
   * @param owner owns the arrays
   */
  Map<String, NDArray> copyCarried(ArenaLayout layout, NDManager owner) {
    if (leaf != null) {
      throw new IllegalStateException("a step is going on; gradients are whole between steps only");
    }
    if (flat == null) {
      return Map.of();
    }
    NDArray copy = flat.duplicate();
    copy.attach(owner);
    Map<String, NDArray> values = layout.values(copy, owner);
    values.keySet().removeIf(name -> !present.get(layout.indexOf(name)));
    return values;
  }

  /** Carries these gradients, by name and in the parameters' shapes, over to the step to come. */
  void carryOver(ArenaLayout layout, Map<String, NDArray> values) {
    clear();
    if (values.isEmpty()) {
      return;
    }
    NDArray carriedOver = manager.zeros(new Shape(layout.size()), DataType.FLOAT32);
    try (NDManager scratch = manager.newSubManager()) {
      Map<String, NDArray> pieces = layout.values(carriedOver, scratch);
      values.forEach(
          (name, value) -> {
            NDArray here = value.toDevice(manager.getDevice(), true);
            here.attach(scratch);
            Objects.requireNonNull(pieces.get(name)).set(new NDIndex("..."), here);
            present.set(layout.indexOf(name));
          });
    }
    flat = carriedOver;
  }

  /** Drops everything. */
  void clear() {
    carried.clear();
    end();
  }

  /**
   * Prepares for a new layout: slots that stay keep their gradients, and so does a window of
   * accumulation; what joins has none.
   *
   * @throws IllegalStateException between the start of a step and its backward, whose gradient
   *     would have the old layout
   */
  ArenaFollower.Change prepare(ArenaLayout before, ArenaLayout after) {
    merge(before);
    if (leaf != null && !merged) {
      throw new IllegalStateException(
          "parameters can't be frozen or unfrozen between a training step and its backward, whose"
              + " gradient would be lost; do it before the step, or after the update");
    }
    NDArray moved = flat == null ? null : moved(flat, before, after);
    return ArenaFollower.Change.of(
        () -> commit(before, after, moved),
        () -> {
          if (moved != null) {
            moved.close();
          }
        });
  }

  private NDArray moved(NDArray gradient, ArenaLayout before, ArenaLayout after) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray view = gradient.stopGradient();
      view.attach(scratch);
      NDList old = before.split(view);
      NDList pieces = new NDList();
      for (ArenaSlot slot : after.slots()) {
        int position = before.indexOf(slot.name());
        pieces.add(
            position < 0
                ? scratch.zeros(new Shape(slot.size()), DataType.FLOAT32)
                : old.get(position));
      }
      NDArray whole = NDArrays.concat(pieces).duplicate();
      whole.attach(manager);
      return whole;
    }
  }

  private void commit(ArenaLayout before, ArenaLayout after, @Nullable NDArray moved) {
    for (BitSet slots : List.of(present, used, carried)) {
      BitSet old = (BitSet) slots.clone();
      slots.clear();
      for (int i = 0; i < after.slots().size(); i++) {
        int position = before.indexOf(after.slots().get(i).name());
        slots.set(i, position >= 0 && old.get(position));
      }
    }
    try (NDArray old = flat) {
      flat = moved;
    }
  }

  private void merge(ArenaLayout layout) {
    if (leaf == null || merged) {
      return;
    }
    // NDArray.getGradient would answer zeros before backward, which an update can't tell apart.
    NDArray gradient = JniUtils.getGradient((PtNDArray) leaf);
    if (gradient == null) {
      return;
    }
    merged = true;
    if (flat == null) {
      flat = gradient;
    } else {
      try (NDArray added = gradient) {
        TorchKernels.shared().update("accumulate", sums(layout), flat, added);
      }
    }
    present.or(used);
  }

  /** Rows {@code offset, length, add}: present slots are added to, others overwritten. */
  private KernelRows sums(ArenaLayout layout) {
    KernelRows rows = new KernelRows(1);
    for (int i = 0; i < layout.slots().size(); i++) {
      ArenaSlot slot = layout.slots().get(i);
      rows.add(slot.offset(), slot.offset(), slot.size(), present.get(i) ? 1 : 0);
    }
    return rows;
  }
}
