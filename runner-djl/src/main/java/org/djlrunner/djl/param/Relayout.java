package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A new layout in the making: all that may fail is done before {@link #commit}, which only
 * exchanges arrays.
 */
final class Relayout implements AutoCloseable {
  private final NDManager scratch;
  private final ArenaLayout after;
  private final NDArray master;
  private final NDList views = new NDList();
  private final Map<Parameter, NDArray> leaving = new LinkedHashMap<>();
  private final List<ArenaFollower.Change> changes = new ArrayList<>();

  /**
   * Gathers the parameters' present values.
   *
   * @param leaving parameters that get arrays of their own
   */
  Relayout(NDManager manager, ArenaLayout after, Collection<Parameter> leaving) {
    this.scratch = manager.newSubManager();
    this.after = after;
    try {
      master = concatenated();
      // What a view is made by would hold on to the whole array when the layout changes.
      NDList pieces = after.split(own(master.stopGradient()));
      for (int i = 0; i < pieces.size(); i++) {
        views.add(own(after.slots().get(i).fromStorage(pieces.get(i))));
      }
      leaving.forEach(p -> this.leaving.put(p, own(p.getArray().duplicate())));
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  /** Lets a follower prepare. */
  void prepare(ArenaFollower follower, ArenaLayout before) {
    changes.add(follower.prepare(before, after, master));
  }

  /**
   * Moves the parameters, then the followers.
   *
   * @param owner comes to own the new flat array
   * @return that array
   */
  NDArray commit(NDManager owner) {
    leaving.forEach(
        (parameter, copy) -> {
          parameter.getArray().intern(copy);
          parameter.freeze(true);
        });
    for (int i = 0; i < views.size(); i++) {
      Parameter parameter = after.slots().get(i).parameter();
      if (!parameter.requiresGradient()) {
        parameter.freeze(false);
      }
      parameter.getArray().intern(views.get(i));
    }
    master.attach(owner);
    changes.forEach(ArenaFollower.Change::commit);
    return master;
  }

  @Override
  public void close() {
    changes.forEach(ArenaFollower.Change::close);
    scratch.close();
  }

  private NDArray concatenated() {
    NDList flat = new NDList();
    for (ArenaSlot slot : after.slots()) {
      NDArray value = own(slot.parameter().getArray().stopGradient());
      flat.add(own(slot.toStorage(value)));
    }
    return own(NDArrays.concat(flat).duplicate());
  }

  private NDArray own(NDArray array) {
    array.attach(scratch);
    return array;
  }
}
