package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All trainable parameters of a block in one contiguous float32 array on one device.
 *
 * <p>Each training step takes a fresh differentiable leaf on the array and hands its pieces to the
 * blocks; backward then leaves one flat gradient, and an update, a norm or a copy is one pass over
 * one buffer. Matrices and filters come first, vectors (biases, norms) after them, each in the
 * order of the network.
 *
 * <p>The block's own {@link Parameter} arrays become views of the arena, so inference and DJL's own
 * saving see the trained values at any time. Frozen parameters and running statistics stay outside.
 */
public final class ParameterArena implements AutoCloseable {
  private final NDArray master;
  private final List<ArenaSlot> slots;
  private final long[] bounds;
  private @Nullable NDArray leaf;

  private ParameterArena(NDArray master, List<ArenaSlot> slots) {
    this.master = master;
    this.slots = List.copyOf(slots);
    this.bounds = slots.stream().skip(1).mapToLong(ArenaSlot::offset).toArray();
  }

  /**
   * Moves the trainable parameters of an initialised block into an arena.
   *
   * @param manager owns the arena
   * @throws IllegalArgumentException if nothing is trainable, or a parameter is not initialised or
   *     not float32
   */
  public static ParameterArena of(Block block, NDManager manager) {
    List<Map.Entry<String, Parameter>> trainable =
        ParameterNames.of(block).entrySet().stream()
            .filter(entry -> entry.getValue().requiresGradient())
            .toList();
    if (trainable.isEmpty()) {
      throw new IllegalArgumentException("the model has no trainable parameter");
    }
    trainable.forEach(ParameterArena::requireFloat32);
    List<Map.Entry<String, Parameter>> matricesFirst =
        trainable.stream().sorted(Comparator.comparing(e -> shapeOf(e).dimension() < 2)).toList();
    List<ArenaSlot> slots = new ArrayList<>();
    long offset = 0;
    for (Map.Entry<String, Parameter> entry : matricesFirst) {
      ArenaSlot slot = new ArenaSlot(entry.getKey(), entry.getValue(), offset, shapeOf(entry));
      slots.add(slot);
      offset += slot.size();
    }
    ParameterArena arena = new ParameterArena(concatenate(slots, manager), slots);
    arena.adoptParameters();
    return arena;
  }

  /** The parameters and their places, in the order of storage. */
  public List<ArenaSlot> slots() {
    return slots;
  }

  /** The number of elements of all parameters together. */
  public long size() {
    return master.size();
  }

  /** The values themselves, {@code [size] float32}; updates write here, in place. */
  public NDArray master() {
    return master;
  }

  /**
   * Starts a step.
   *
   * @param step owns the leaf; closing it ends the step
   * @return a fresh differentiable leaf on the arena's values, {@code [size] float32}
   */
  public NDArray leaf(NDManager step) {
    NDArray fresh = master.stopGradient();
    fresh.attach(step);
    fresh.setRequiresGradient(true);
    leaf = fresh;
    return fresh;
  }

  /**
   * Splits a step's leaf into one differentiable view a parameter.
   *
   * @return the views by DJL parameter id, in the parameters' shapes
   */
  public Map<String, NDArray> views(NDArray leaf) {
    Map<String, NDArray> views = new HashMap<>();
    NDList pieces = split(leaf);
    for (int i = 0; i < slots.size(); i++) {
      ArenaSlot slot = slots.get(i);
      views.put(slot.parameter().getId(), slot.fromStorage(pieces.get(i)));
    }
    return views;
  }

  /** Ends a step; its gradient is gone, unless it was kept. */
  public void endStep() {
    leaf = null;
  }

  /** Carries the gradient of the step at hand over to the next step, which adds to it. */
  public void keepGradient() {
    if (leaf != null) {
      throw new UnsupportedOperationException("gradients can't be accumulated yet");
    }
  }

  /**
   * The gradient of the step at hand, {@code [size] float32}; empty before backward.
   *
   * <p>A parameter that took no part in the loss has a gradient of zeros.
   */
  public Optional<NDArray> gradient() {
    // NDArray.getGradient would answer zeros before backward, which an update can't tell apart.
    return Optional.ofNullable(leaf).map(l -> JniUtils.getGradient((PtNDArray) l));
  }

  /** Cuts a flat array of the arena's size into one flat view a slot. */
  NDList split(NDArray flat) {
    return bounds.length == 0 ? new NDList(flat) : flat.split(bounds);
  }

  @Override
  public void close() {
    endStep();
    master.close();
  }

  private void adoptParameters() {
    NDList pieces = split(master);
    for (int i = 0; i < slots.size(); i++) {
      NDArray view = slots.get(i).fromStorage(pieces.get(i));
      slots.get(i).parameter().getArray().intern(view);
    }
    pieces.stream().filter(piece -> piece != master).forEach(NDArray::close);
  }

  private static NDArray concatenate(List<ArenaSlot> slots, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDList flat = new NDList();
      for (ArenaSlot slot : slots) {
        NDArray value = slot.parameter().getArray().stopGradient();
        value.attach(scratch);
        NDArray stored = slot.toStorage(value);
        stored.attach(scratch);
        flat.add(stored);
      }
      NDArray master = NDArrays.concat(flat).duplicate();
      master.attach(manager);
      return master;
    }
  }

  private static Shape shapeOf(Map.Entry<String, Parameter> entry) {
    return entry.getValue().getArray().getShape();
  }

  private static void requireFloat32(Map.Entry<String, Parameter> entry) {
    Parameter parameter = entry.getValue();
    if (!parameter.isInitialized()) {
      throw new IllegalArgumentException(
          "parameter '" + entry.getKey() + "' is not initialised; initialise the block first");
    }
    if (parameter.getArray().getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "parameter '"
              + entry.getKey()
              + "' is "
              + parameter.getArray().getDataType()
              + "; trainable parameters must be float32");
    }
  }
}
