package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which parameter lies where in a flat array.
 *
 * <p>Three classes follow each other, each in the order of the network: matrices and filters,
 * vectors (biases), and the scales and shifts of normalisation. So what a low-precision copy leaves
 * out, and what usually does not decay, is one range each.
 */
public final class ArenaLayout {
  private static final Set<Parameter.Type> NORM = Set.of(Parameter.Type.GAMMA, Parameter.Type.BETA);

  private final List<ArenaSlot> slots;
  private final Map<String, Integer> indices = new HashMap<>();
  private final long[] bounds;
  private final long size;
  private final long normOffset;

  private ArenaLayout(List<ArenaSlot> slots, long size, long normOffset) {
    this.slots = List.copyOf(slots);
    this.size = size;
    this.normOffset = normOffset;
    this.bounds = slots.stream().skip(1).mapToLong(ArenaSlot::offset).toArray();
    for (int i = 0; i < slots.size(); i++) {
      indices.put(slots.get(i).name(), i);
    }
  }

  /** Lays out initialised parameters, given in the order of the network. */
  static ArenaLayout of(Map<String, Parameter> parameters) {
    List<ArenaSlot> slots = new ArrayList<>();
    long offset = 0;
    long normOffset = 0;
    for (int kind = 0; kind < 3; kind++) {
      normOffset = offset;
      for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
        if (kind(entry.getValue()) == kind) {
          Parameter parameter = entry.getValue();
          ArenaSlot slot =
              new ArenaSlot(entry.getKey(), parameter, offset, parameter.getArray().getShape());
          slots.add(slot);
          offset += slot.size();
        }
      }
    }
    return new ArenaLayout(slots, offset, normOffset);
  }

  private static int kind(Parameter parameter) {
    if (NORM.contains(parameter.getType())) {
      return 2;
    }
    return parameter.getArray().getShape().dimension() < 2 ? 1 : 0;
  }

  /** The parameters and their places, in the order of storage. */
  public List<ArenaSlot> slots() {
    return slots;
  }

  /** The position of a parameter in {@link #slots}, or -1 if it has no place here. */
  public int indexOf(String name) {
    return indices.getOrDefault(name, -1);
  }

  /** The number of elements of all parameters together. */
  public long size() {
    return size;
  }

  /** The number of elements before normalisation's; {@link #size} if there are none of those. */
  public long normOffset() {
    return normOffset;
  }

  /**
   * A flat array of this size as one array a parameter, by state-dict name and in its own shape.
   *
   * @param scope owns the arrays, which are views of the flat one
   */
  public Map<String, NDArray> values(NDArray flat, NDManager scope) {
    NDArray view = flat.stopGradient();
    view.attach(scope);
    NDList pieces = split(view);
    Map<String, NDArray> values = new LinkedHashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      values.put(slots.get(i).name(), slots.get(i).fromStorage(pieces.get(i)));
    }
    return values;
  }

  /** Cuts a flat array of this size into one flat view a slot. */
  NDList split(NDArray flat) {
    return bounds.length == 0 ? new NDList(flat) : flat.split(bounds);
  }
}
