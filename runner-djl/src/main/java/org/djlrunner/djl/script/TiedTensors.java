package org.djlrunner.djl.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensors of a module share their memory, as tied weights do.
 *
 * <p>Neither DJL nor TorchScript tells where a tensor's memory lies, so each is overwritten with a
 * number of its own: who shares reads the number of the last one. All values are put back.
 */
final class TiedTensors {
  private static final NDIndex ALL = new NDIndex("...");

  private final List<Integer> firsts;

  private TiedTensors(List<Integer> firsts) {
    this.firsts = firsts;
  }

  /**
   * Finds ties among a module's own float32 tensors.
   *
   * @param tensors their values are as before afterwards
   */
  static TiedTensors of(NDList tensors, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      List<NDArray> flat = new ArrayList<>();
      List<NDArray> kept = new ArrayList<>();
      for (NDArray tensor : tensors) {
        NDArray view = tensor.reshape(-1);
        view.attach(scratch);
        NDArray copy = view.duplicate();
        copy.attach(scratch);
        flat.add(view);
        kept.add(copy);
      }
      for (int i = 0; i < flat.size(); i++) {
        if (canTell(flat.get(i))) {
          flat.get(i).set(ALL, i);
        }
      }
      Map<Integer, Integer> firstByMark = new HashMap<>();
      List<Integer> firsts = new ArrayList<>();
      for (int i = 0; i < flat.size(); i++) {
        int mark = canTell(flat.get(i)) ? (int) flat.get(i).getFloat(0) : i;
        Integer first = firstByMark.putIfAbsent(mark, i);
        firsts.add(first == null ? i : first);
      }
      for (int i = 0; i < flat.size(); i++) {
        if (canTell(flat.get(i))) {
          flat.get(i).set(ALL, kept.get(i));
        }
      }
      return new TiedTensors(firsts);
    }
  }

  /** The position of the first tensor in the same memory; the position itself if there is none. */
  int first(int position) {
    return firsts.get(position);
  }

  private static boolean canTell(NDArray flat) {
    return flat.getDataType() == DataType.FLOAT32 && flat.size() > 0;
  }
}
