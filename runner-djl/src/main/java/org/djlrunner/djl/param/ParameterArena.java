package org.djlrunner.djl.param;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * All trainable parameters of a block in one contiguous float32 array on one device.
 *
 * <p>Each training step takes a fresh differentiable leaf on the array and hands its pieces to the
 * blocks; backward then leaves one flat gradient, and an update, a norm or a copy is one pass over
 * one buffer. {@link ArenaLayout} says what lies where.
 *
 * <p>The block's own {@link Parameter} arrays become views of the arena, so inference and DJL's own
 * saving see the trained values at any time. Frozen parameters and running statistics stay outside.
 */
public final class ParameterArena implements AutoCloseable {
  private final NDManager manager;
  private final Map<String, Parameter> parameters;
  private final ArenaGradient gradient;
  private final List<ArenaFollower> followers = new ArrayList<>();
  private final Map<String, Integer> slotsById = new HashMap<>();
  private ArenaLayout layout;
  private NDArray master;

  private ParameterArena(
      NDManager manager, Map<String, Parameter> parameters, Map<String, Parameter> trainable) {
    this.manager = manager;
    this.parameters = parameters;
    this.gradient = new ArenaGradient(manager);
    this.layout = ArenaLayout.of(trainable);
    try (Relayout first = new Relayout(manager, layout, List.of())) {
      this.master = first.commit(manager);
    }
    indexSlots();
  }

  /**
   * Moves the trainable parameters of an initialised block into an arena.
   *
   * @param manager owns the arena
   * @throws IllegalArgumentException if nothing is trainable, a parameter is not initialised or not
   *     float32, or a block computes with parameters that it doesn't ask for
   */
  public static ParameterArena of(Block block, NDManager manager) {
    requireAsking(block);
    Map<String, Parameter> parameters = new LinkedHashMap<>(ParameterNames.of(block));
    // A parameter that two blocks share lies here once, under its first name.
    Set<String> ids = new HashSet<>();
    parameters
        .values()
        .removeIf(
            parameter -> ParameterNames.isStatistic(parameter) || !ids.add(parameter.getId()));
    return new ParameterArena(
        manager, parameters, trainable(parameters, (name, p) -> p.requiresGradient()));
  }

  /** What lies where; another object after {@link #freeze} and {@link #unfreeze}. */
  public ArenaLayout layout() {
    return layout;
  }

  /** The parameters and their places, in the order of storage. */
  public List<ArenaSlot> slots() {
    return layout.slots();
  }

  /** The number of elements of all parameters together. */
  public long size() {
    return layout.size();
  }

  /** The number of elements before those of normalisation. */
  public long normOffset() {
    return layout.normOffset();
  }

  /**
   * The names of all parameters of the block that are no statistics, frozen ones too; one name for
   * a parameter that several blocks share.
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(parameters.keySet());
  }

  /**
   * A parameter, frozen or not.
   *
   * @param name one of {@link #names}
   * @throws IllegalArgumentException if there is none of that name
   */
  public Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter is named '" + name + "'");
    }
    return parameter;
  }

  /**
   * The values themselves, {@code [size] float32}; updates write here, in place.
   *
   * <p>Another array after {@link #freeze} and {@link #unfreeze}.
   */
  public NDArray master() {
    return master;
  }

  /**
   * Starts a step with a fresh leaf, {@code [size] float32}, that has no gradient yet.
   *
   * <p>All parameters take part in the step, unless {@link #useOnly} says otherwise.
   *
   * @param step owns the leaf; closing it ends the step
   */
  public NDArray leaf(NDManager step) {
    NDArray fresh = master.stopGradient();
    fresh.attach(step);
    fresh.setRequiresGradient(true);
    gradient.begin(fresh);
    useAll();
    return fresh;
  }

  /** Cuts a leaf into one differentiable view a parameter, by DJL id, in their own shapes. */
  public Map<String, NDArray> views(NDArray leaf) {
    Map<String, NDArray> views = new HashMap<>();
    NDList pieces = layout.split(leaf);
    for (int i = 0; i < slots().size(); i++) {
      ArenaSlot slot = slots().get(i);
      views.put(slot.parameter().getId(), slot.fromStorage(pieces.get(i)));
    }
    return views;
  }

  /** Starts a step: {@link #views} of a {@link #leaf}. */
  public Map<String, NDArray> beginStep(NDManager step) {
    return views(leaf(step));
  }

  /** All parameters take part in the step at hand. */
  public void useAll() {
    gradient.used().set(0, slots().size());
  }

  /**
   * Only these parameters take part in the step at hand; others have no gradient in it, which
   * PyTorch calls None.
   *
   * @param names state-dict names; those of frozen parameters are passed over
   */
  public void useOnly(Collection<String> names) {
    useNone();
    names.stream().mapToInt(layout::indexOf).filter(i -> i >= 0).forEach(gradient.used()::set);
  }

  /** No parameter takes part in the step at hand, until {@link #use} adds one. */
  void useNone() {
    gradient.used().clear();
  }

  /** A parameter of the arena takes part in the step at hand. */
  void use(Parameter parameter) {
    Integer slot = slotsById.get(parameter.getId());
    if (slot != null) {
      gradient.used().set(slot);
    }
  }

  /** Ends a step; its gradient is gone, unless it was kept. */
  public void endStep() {
    gradient.end();
  }

  /** Carries all gradients over to the next step; {@link #keepGradient(BitSet)}. */
  public void keepGradient() {
    keepGradient(all());
  }

  /**
   * Carries gradients over to the next step, whose backward adds to them.
   *
   * <p>Those are the gradients of the step at hand and what it was handed itself. A second call in
   * the same step changes nothing. A parameter has a gradient if it took part in any of the steps.
   *
   * @param slots positions in {@link #slots}; gradients of others end with the step
   */
  public void keepGradient(BitSet slots) {
    gradient.carry(layout, slots);
  }

  /**
   * A copy of the gradients that wait for the rest of their window, between two steps.
   *
   * @param owner owns the arrays
   * @return by state-dict name, in the parameters' shapes; empty outside a window
   */
  public Map<String, NDArray> copyGradients(NDManager owner) {
    return gradient.copyCarried(layout, owner);
  }

  /**
   * Has the next step add to these gradients, or to none, whatever was kept before.
   *
   * @param values as {@link #copyGradients} gives them, on any device
   */
  public void carryOver(Map<String, NDArray> values) {
    gradient.carryOver(layout, values);
  }

  /** Drops the gradients of some slots, kept ones too; a backward to come starts from nothing. */
  public void zeroGradient(BitSet slots) {
    gradient.drop(layout, slots);
  }

  /**
   * What was kept plus the gradient of the step at hand, {@code [size] float32}; empty if nothing
   * was kept and backward has not run.
   *
   * <p>It belongs to the arena; don't close it. Elements of slots without {@link #hasGradient} mean
   * nothing.
   */
  public Optional<NDArray> gradient() {
    return Optional.ofNullable(gradient.flat(layout));
  }

  /** Whether the parameter at this position has a gradient; ask after {@link #gradient}. */
  public boolean hasGradient(int slot) {
    return gradient.isPresent(slot);
  }

  /**
   * Takes parameters out of the arena; no update touches them from now on.
   *
   * <p>Call it before a step or after its update. The others keep their gradients, so a window of
   * accumulation goes on. If it fails, nothing has changed.
   *
   * @param names chooses by state-dict name; parameters that are frozen already stay so
   * @throws IllegalArgumentException if no parameter has such a name, or none would be left to
   *     train
   * @throws IllegalStateException between a step and its backward
   */
  public void freeze(Predicate<String> names) {
    Map<String, Parameter> chosen = choose(names, true);
    if (chosen.size() == slots().size()) {
      throw new IllegalArgumentException("freezing all parameters would leave nothing to train");
    }
    layOutAgain(chosen, chosen.values());
  }

  /**
   * Takes frozen parameters back into the arena; optimizers start afresh with them.
   *
   * <p>Call it as {@link #freeze}. One that joins within a window of accumulation has the gradients
   * of the rest of it only, as in PyTorch.
   *
   * @param names chooses by state-dict name; running statistics are never chosen
   * @throws IllegalArgumentException if no parameter has such a name, or one is not float32
   * @throws IllegalStateException between a step and its backward
   */
  public void unfreeze(Predicate<String> names) {
    layOutAgain(choose(names, false), List.of());
  }

  /** Tells a follower of every new layout from now on. */
  public void follow(ArenaFollower follower) {
    followers.add(follower);
  }

  /** Tells a follower no longer. */
  public void unfollow(ArenaFollower follower) {
    followers.remove(follower);
  }

  @Override
  public void close() {
    gradient.clear();
    master.close();
  }

  private BitSet all() {
    BitSet all = new BitSet();
    all.set(0, slots().size());
    return all;
  }

  private Map<String, Parameter> choose(Predicate<String> names, boolean trainable) {
    Map<String, Parameter> chosen = new LinkedHashMap<>();
    boolean any = false;
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      if (names.test(entry.getKey())) {
        any = true;
        if (entry.getValue().requiresGradient() == trainable) {
          chosen.put(entry.getKey(), entry.getValue());
        }
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          "no parameter has a name to "
              + (trainable ? "freeze" : "unfreeze")
              + "; there are "
              + names());
    }
    return chosen;
  }

  /**
   * Moves parameters in or out; all that may fail comes before anything changes.
   *
   * @param changed what joins or leaves
   * @param leaving those of it that leave
   */
  private void layOutAgain(Map<String, Parameter> changed, Collection<Parameter> leaving) {
    if (changed.isEmpty()) {
      return;
    }
    ArenaLayout before = layout;
    ArenaLayout after =
        ArenaLayout.of(
            trainable(parameters, (name, p) -> changed.containsKey(name) != p.requiresGradient()));
    try (Relayout next = new Relayout(manager, after, leaving)) {
      next.prepare((old, fresh, values) -> gradient.prepare(old, fresh), before);
      List.copyOf(followers).forEach(follower -> next.prepare(follower, before));
      layout = after;
      try (NDArray old = master) {
        master = next.commit(manager);
      }
      indexSlots();
    }
  }

  private void indexSlots() {
    slotsById.clear();
    for (int i = 0; i < slots().size(); i++) {
      slotsById.put(slots().get(i).parameter().getId(), i);
    }
  }

  /** DJL's own block for TorchScript files would go on computing with what it was loaded with. */
  private static void requireAsking(Block block) {
    if (block instanceof SymbolBlock) {
      throw new IllegalArgumentException(
          block.getClass().getSimpleName()
              + " computes with parameters of its own, which can't be trained here; load the file"
              + " with TorchScriptBlock.load(path) instead");
    }
    block.getChildren().values().forEach(ParameterArena::requireAsking);
  }

  private static Map<String, Parameter> trainable(
      Map<String, Parameter> parameters, BiPredicate<String, Parameter> included) {
    Map<String, Parameter> trainable = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      if (included.test(entry.getKey(), entry.getValue())) {
        requireFloat32(entry);
        trainable.put(entry.getKey(), entry.getValue());
      }
    }
    if (trainable.isEmpty()) {
      throw new IllegalArgumentException("the model has no trainable parameter");
    }
    return trainable;
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
