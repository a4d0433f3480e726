package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.optim.OwnedSlots.Owned;

/**
 * What an optimizer remembers: flat packed arrays by state name, and update counts by parameter.
 *
 * <p>A parameter holds a state from the update that first needs it, as in PyTorch.
 */
final class StateArrays implements AutoCloseable {
  private final NDManager manager;
  private final OwnedSlots slots;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final Map<String, BitSet> held = new LinkedHashMap<>();
  private final long[] steps;

  StateArrays(NDManager manager, OwnedSlots slots) {
    this.manager = manager;
    this.slots = slots;
    this.steps = new long[slots.owned().size()];
  }

  /** Counts an update of a parameter; the first is 1. */
  long count(int position) {
    return ++steps[position];
  }

  long steps(int position) {
    return steps[position];
  }

  void setSteps(int position, long count) {
    steps[position] = count;
  }

  boolean holds(String state, int position) {
    BitSet holders = held.get(state);
    return holders != null && holders.get(position);
  }

  /** A parameter holds a state from now on, zeros if it is new; returns whether it is. */
  boolean hold(String state, int position) {
    array(state);
    BitSet holders = held.computeIfAbsent(state, name -> new BitSet());
    boolean isNew = !holders.get(position);
    holders.set(position);
    return isNew;
  }

  /** A state array; {@code other} if no parameter holds it. */
  NDArray arrayOr(String state, NDArray other) {
    return arrays.getOrDefault(state, other);
  }

  /** A parameter's piece of a state array, flat, a view. */
  NDArray piece(String state, int position) {
    Owned owned = slots.owned().get(position);
    return array(state)
        .get(owned.stateOffset() + ":" + (owned.stateOffset() + owned.slot().size()));
  }

  /**
   * A copy for these slots or for others: parameters have theirs by name, new ones start fresh.
   *
   * @param owner owns the copy's arrays
   */
  StateArrays copyFor(OwnedSlots after, NDManager owner) {
    StateArrays moved = new StateArrays(owner, after);
    Map<String, Integer> before = new LinkedHashMap<>();
    for (int i = 0; i < slots.owned().size(); i++) {
      before.put(slots.owned().get(i).slot().name(), i);
    }
    for (int i = 0; i < after.owned().size(); i++) {
      Integer old = before.get(after.owned().get(i).slot().name());
      if (old != null) {
        moved.steps[i] = steps[old];
        for (Map.Entry<String, BitSet> entry : held.entrySet()) {
          if (entry.getValue().get(old)) {
            moved.held.computeIfAbsent(entry.getKey(), name -> new BitSet()).set(i);
          }
        }
      }
    }
    try {
      for (String name : moved.held.keySet()) {
        NDArray array = slots.equals(after) ? array(name).duplicate() : gather(name, before, after);
        array.attach(owner);
        moved.arrays.put(name, array);
      }
    } catch (RuntimeException e) {
      moved.close();
      throw e;
    }
    return moved;
  }

  private NDArray gather(String state, Map<String, Integer> before, OwnedSlots after) {
    try (NDManager scratch = manager.newSubManager()) {
      NDList pieces = new NDList();
      for (Owned owned : after.owned()) {
        Integer old = before.get(owned.slot().name());
        NDArray piece =
            old == null
                ? scratch.zeros(new Shape(owned.slot().size()), DataType.FLOAT32)
                : piece(state, old);
        piece.attach(scratch);
        pieces.add(piece);
      }
      // A concatenation of one array may be that array.
      NDArray gathered = NDArrays.concat(pieces).duplicate();
      gathered.attach(manager);
      return gathered;
    }
  }

  private NDArray array(String state) {
    return Objects.requireNonNull(
        arrays.computeIfAbsent(
            state, name -> manager.zeros(new Shape(slots.size()), DataType.FLOAT32)));
  }

  @Override
  public void close() {
    arrays.values().forEach(NDArray::close);
    arrays.clear();
    held.clear();
  }
}
