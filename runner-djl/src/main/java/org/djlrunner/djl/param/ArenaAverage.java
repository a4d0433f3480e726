package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Map;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.spi.WeightAverage;

/**
 * An average of an arena's parameters: one flat array, updated and swapped by one kernel each.
 *
 * <p>When parameters are frozen or unfrozen it follows them by name; one that joins begins with its
 * present value, one that leaves keeps the value that it has in the model.
 */
public final class ArenaAverage implements WeightAverage, AutoCloseable {
  private final ParameterArena arena;
  private final ArenaFollower follower = this::prepare;
  private NDArray average;
  private boolean swappedIn;

  /** An average that begins with the present values. */
  public ArenaAverage(ParameterArena arena) {
    this.arena = arena;
    this.average = arena.master().duplicate();
    arena.follow(follower);
  }

  @Override
  public void begin() {
    try (NDArray old = average) {
      average = arena.master().duplicate();
    }
  }

  /**
   * A copy of what this holds at present, flat.
   *
   * @param owner owns the copy
   */
  public NDArray copy(NDManager owner) {
    NDArray copy = average.duplicate();
    copy.attach(owner);
    return copy;
  }

  /**
   * Puts back a {@link #copy}; parameters that were frozen then have their present values.
   *
   * @param taken the arena's layout then
   */
  public void restore(NDArray copy, ArenaLayout taken) {
    try (NDArray moved = moved(copy, taken, arena.layout(), arena.master())) {
      average.set(new NDIndex("..."), moved);
    }
  }

  @Override
  public void update(double rate) {
    TorchKernels.shared().average(average, arena.master(), rate);
  }

  @Override
  public void swap() {
    TorchKernels.shared().swap(arena.master(), average);
    swappedIn = !swappedIn;
  }

  /** What the average's arrays belong to. */
  public NDManager manager() {
    return average.getManager();
  }

  /** Whether the model holds the average, and this the weights in training. */
  public boolean isSwappedIn() {
    return swappedIn;
  }

  /**
   * What the model does not hold at present, by state-dict name and in the parameters' shapes: the
   * average, or the weights in training while it is swapped in.
   *
   * @param scope owns the arrays, which are views of this average
   */
  public Map<String, NDArray> values(NDManager scope) {
    return arena.layout().values(average, scope);
  }

  /**
   * A copy of {@link #values}, all at once.
   *
   * @param owner owns the arrays
   */
  public Map<String, NDArray> copyValues(NDManager owner) {
    return arena.layout().values(copy(owner), owner);
  }

  @Override
  public void close() {
    arena.unfollow(follower);
    average.close();
  }

  private ArenaFollower.Change prepare(ArenaLayout before, ArenaLayout after, NDArray values) {
    NDArray moved = moved(average, before, after, values);
    return ArenaFollower.Change.of(
        () -> {
          try (NDArray old = average) {
            average = moved;
          }
        },
        moved::close);
  }

  /** An average in another layout; slots that are new in it have the parameters' values. */
  private static NDArray moved(NDArray old, ArenaLayout before, ArenaLayout after, NDArray values) {
    try (NDManager scratch = old.getManager().newSubManager()) {
      NDList kept = pieces(before, old, scratch);
      NDList joining = pieces(after, values, scratch);
      NDList pieces = new NDList();
      for (int i = 0; i < joining.size(); i++) {
        int position = before.indexOf(after.slots().get(i).name());
        pieces.add(position < 0 ? joining.get(i) : kept.get(position));
      }
      // A concatenation of one array may be that array.
      NDArray moved = NDArrays.concat(pieces).duplicate();
      moved.attach(old.getManager());
      return moved;
    }
  }

  /** A flat array cut into one flat view a slot; all that is made of it belongs to the scope. */
  private static NDList pieces(ArenaLayout layout, NDArray flat, NDManager scope) {
    NDArray view = flat.stopGradient();
    view.attach(scope);
    return layout.split(view);
  }
}
