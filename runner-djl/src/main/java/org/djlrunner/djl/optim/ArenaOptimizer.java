package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.djlrunner.djl.kernel.KernelRows;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.optim.OwnedSlots.Owned;
import org.djlrunner.djl.param.ArenaFollower;
import org.djlrunner.djl.param.ArenaLayout;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * What optimizers over an arena share: groups as ranges, clipping, named state.
 *
 * <p>Each method touches the parameters of the optimizer's own groups only, so several optimizers
 * share an arena, and of those only the ones that have a gradient, as in PyTorch. Each method is
 * one call into libtorch, however many parameters and groups there are.
 */
public abstract sealed class ArenaOptimizer implements Optimizer
    permits Sgd, Adam, RmsProp, Adagrad, Adadelta, Adamax {
  private final ParameterArena arena;
  private final DeviceScalars scalars;
  private final List<GroupSpec> specs;
  private final List<ParamGroup> groups = new ArrayList<>();
  private final List<String> options;
  private final ArenaFollower follower = this::follow;
  private OwnedSlots slots;
  private StateArrays state;

  /**
   * An optimizer of what the groups choose.
   *
   * @param defaults options of all groups, in the order of the kernel's rows
   * @param check refuses options that PyTorch refuses
   */
  ArenaOptimizer(
      ParameterArena arena,
      DeviceScalars scalars,
      Map<String, Double> defaults,
      List<GroupSpec> specs,
      Consumer<Map<String, Double>> check) {
    this.arena = arena;
    this.scalars = scalars;
    this.specs = List.copyOf(specs);
    this.options = List.copyOf(defaults.keySet());
    if (specs.isEmpty()) {
      throw new IllegalArgumentException("an optimizer needs at least one parameter group");
    }
    for (GroupSpec spec : specs) {
      spec.check(arena.names());
      Map<String, Double> merged = OptionValues.merge(defaults, spec);
      check.accept(merged);
      groups.add(new ParamGroup(spec.name(), merged));
    }
    arena.names().forEach(name -> OwnedSlots.groupOf(name, specs));
    this.slots = OwnedSlots.of(arena.layout(), this.specs);
    this.state = new StateArrays(arena.master().getManager(), slots);
    arena.follow(follower);
  }

  @Override
  public abstract String kind();

  /** The kernel's name. */
  abstract String kernel();

  /** State names in the order of the kernel's arrays. */
  abstract List<String> states();

  /** Whether a group's update needs a state; the default is always. */
  boolean needs(String stateName, ParamGroup group) {
    return true;
  }

  /**
   * Numbers of a row behind the options.
   *
   * @param step number of this update, from 1
   * @param first whether the last of {@link #states} is new
   */
  double[] more(long step, boolean first) {
    return new double[0];
  }

  /** Whether PyTorch's state counts updates. */
  boolean countsSteps() {
    return true;
  }

  @Override
  public final List<ParamGroup> paramGroups() {
    return List.copyOf(groups);
  }

  @Override
  public final Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String name : arena.names()) {
      if (OwnedSlots.groupOf(name, specs) >= 0) {
        parameters.put(name, arena.parameter(name));
      }
    }
    return parameters;
  }

  @Override
  public final List<String> idleParameters() {
    Optional<NDArray> gradient = arena.gradient();
    KernelRows rows = new KernelRows(1);
    List<String> idle = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (Owned owned : slots.owned()) {
      ArenaSlot slot = owned.slot();
      String shown = slot.name() + " " + slot.shape();
      if (gradient.isPresent() && arena.hasGradient(owned.index())) {
        // A number of its own keeps a row from growing together with its neighbour.
        rows.add(slot.offset(), owned.stateOffset(), slot.size(), asked.size());
        asked.add(shown);
      } else {
        idle.add(shown);
      }
    }
    if (!rows.isEmpty()) {
      float[] largest = TorchKernels.shared().largest(gradient.orElseThrow(), rows);
      for (int i = 0; i < largest.length; i++) {
        if (largest[i] == 0) {
          idle.add(asked.get(i));
        }
      }
    }
    return idle;
  }

  @Override
  public final void zeroGrad() {
    arena.zeroGradient(slots.inArena());
  }

  @Override
  public final void keepGrad() {
    arena.keepGradient(slots.inArena());
  }

  @Override
  public final boolean mayKeepGrad() {
    return arena.gradient().isPresent();
  }

  @Override
  public final Scalar scaleGrad(double factor) {
    Optional<NDArray> gradient = arena.gradient();
    KernelRows ranges = ranges();
    return gradient.isEmpty() || ranges.isEmpty()
        ? Scalar.of(1)
        : scalars.keep(TorchKernels.shared().scale(gradient.get(), ranges, factor), 1);
  }

  @Override
  public final void clipGradValue(double clipValue) {
    Optional<NDArray> gradient = arena.gradient();
    KernelRows ranges = ranges();
    if (gradient.isPresent() && !ranges.isEmpty()) {
      TorchKernels.shared().clipValue(gradient.get(), ranges, clipValue);
    }
  }

  @Override
  public final Scalar clipGradNorm(double maxNorm, double normType) {
    Optional<NDArray> gradient = arena.gradient();
    KernelRows ranges = ranges();
    return gradient.isEmpty() || ranges.isEmpty()
        ? Scalar.of(0)
        : scalars.keep(
            TorchKernels.shared().clipNorm(gradient.get(), ranges, maxNorm, normType), 1);
  }

  @Override
  public final void step() {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return;
    }
    KernelRows rows = updates();
    if (rows.isEmpty()) {
      return;
    }
    List<NDArray> arrays = new ArrayList<>(List.of(arena.master(), gradient.get()));
    // A state that nobody holds is not touched: any array of at least its size will do.
    states().forEach(name -> arrays.add(state.arrayOr(name, arena.master())));
    TorchKernels.shared().update(kernel(), rows, arrays.toArray(NDArray[]::new));
  }

  /**
   * What it needs to go on later, by name.
   *
   * @param manager owns the arrays; all but the counts are views, which change with the next update
   *     and must not be used after the optimizer was closed or a parameter frozen
   */
  public final OptimizerState state(NDManager manager) {
    Map<String, Map<String, NDArray>> parameters = new LinkedHashMap<>();
    for (int i = 0; i < slots.owned().size(); i++) {
      Map<String, NDArray> held = new LinkedHashMap<>(arrays(state, i, manager));
      if (countsSteps() && state.steps(i) > 0) {
        held.put(OptimizerState.STEP, manager.create(state.steps(i)));
      }
      if (!held.isEmpty()) {
        parameters.put(slots.owned().get(i).slot().name(), held);
      }
    }
    return new OptimizerState(kind(), groups(), parameters);
  }

  private List<OptimizerState.Group> groups() {
    List<OptimizerState.Group> saved = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (String option : options) {
        values.put(option, groups.get(g).option(option));
      }
      int group = g;
      List<String> members =
          slots.owned().stream()
              .filter(owned -> owned.group() == group)
              .map(owned -> owned.slot().name())
              .toList();
      saved.add(
          new OptimizerState.Group(groups.get(g).name(), values, groups.get(g).initial(), members));
    }
    return saved;
  }

  /** A parameter's arrays in its own shape, views. */
  private Map<String, NDArray> arrays(StateArrays of, int position, NDManager manager) {
    Map<String, NDArray> held = new LinkedHashMap<>();
    for (String name : states()) {
      if (of.holds(name, position)) {
        try (NDManager scratch = manager.newSubManager();
            NDArray piece = of.piece(name, position)) {
          // What a view is derived by would stay with the optimizer's manager.
          piece.attach(scratch);
          NDArray view = slots.owned().get(position).slot().fromStorage(piece);
          view.attach(manager);
          held.put(name, view);
        }
      }
    }
    return held;
  }

  /** What a checkpoint takes of a copy that was just made: nothing is read from the device. */
  final OptimizerCopy.Content content(StateArrays taken, NDManager owner) {
    Map<String, Map<String, NDArray>> parameters = new LinkedHashMap<>();
    Map<String, Long> steps = new LinkedHashMap<>();
    for (int i = 0; i < slots.owned().size(); i++) {
      String name = slots.owned().get(i).slot().name();
      parameters.put(name, arrays(taken, i, owner));
      if (countsSteps() && taken.steps(i) > 0) {
        steps.put(name, taken.steps(i));
      }
    }
    return new OptimizerCopy.Content(
        new OptimizerState(kind(), groups(), parameters), Map.copyOf(steps));
  }

  /** All that keeps a saved state from fitting, a sentence each; none if it fits. */
  public final List<String> misfits(OptimizerState saved) {
    try (NDManager scratch = arena.master().getManager().newSubManager()) {
      return StateFit.differences(saved, state(scratch), slots, states());
    }
  }

  /**
   * Goes on from a saved state; the arrays are copied.
   *
   * @throws IllegalArgumentException if kind, groups, names, shapes or types differ; the message
   *     lists all differences, and nothing has changed
   */
  public final void load(OptimizerState saved) {
    List<String> differences = misfits(saved);
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          "the saved optimizer state doesn't fit: " + String.join("; ", differences));
    }
    for (int g = 0; g < groups.size(); g++) {
      saved.groups().get(g).options().forEach(groups.get(g)::setOption);
      groups.get(g).rebase(saved.groups().get(g).initial());
    }
    state.close();
    state = new StateArrays(arena.master().getManager(), slots);
    for (int i = 0; i < slots.owned().size(); i++) {
      Owned owned = slots.owned().get(i);
      int position = i;
      saved
          .parameters()
          .getOrDefault(owned.slot().name(), Map.of())
          .forEach((name, array) -> restore(position, owned, name, array));
    }
  }

  /**
   * A copy of what it remembers, to go back to; nothing is read from the device.
   *
   * @param owner owns the arrays
   */
  public final OptimizerCopy copy(NDManager owner) {
    return new OptimizerCopy(this, state.copyFor(slots, owner), owner);
  }

  final void restore(StateArrays taken) {
    // Freed first, so that the device needs no room for both.
    state.close();
    state = taken.copyFor(slots, arena.master().getManager());
  }

  private void restore(int position, Owned owned, String name, NDArray array) {
    if (name.equals(OptimizerState.STEP)) {
      try (NDArray count = array.toType(DataType.INT64, true)) {
        state.setSteps(position, count.toLongArray()[0]);
      }
      return;
    }
    state.hold(name, position);
    try (NDManager scratch = arena.master().getManager().newSubManager();
        NDArray piece = state.piece(name, position)) {
      NDArray here = array.toDevice(arena.master().getDevice(), true);
      here.attach(scratch);
      NDArray stored = owned.slot().toStorage(here);
      stored.attach(scratch);
      piece.set(new NDIndex("..."), stored);
    }
  }

  @Override
  public final void close() {
    arena.unfollow(follower);
    state.close();
  }

  private ArenaFollower.Change follow(ArenaLayout before, ArenaLayout after, NDArray values) {
    OwnedSlots moved = OwnedSlots.of(after, specs);
    StateArrays next = state.copyFor(moved, arena.master().getManager());
    return ArenaFollower.Change.of(
        () -> {
          try (StateArrays old = state) {
            state = next;
            slots = moved;
          }
        },
        next::close);
  }

  /** The ranges of own parameters that have a gradient. */
  private KernelRows ranges() {
    KernelRows rows = new KernelRows(0);
    for (Owned owned : slots.owned()) {
      if (arena.hasGradient(owned.index())) {
        rows.add(owned.slot().offset(), owned.stateOffset(), owned.slot().size());
      }
    }
    return rows;
  }

  /** The same with what the kernel needs, counted as updated. */
  private KernelRows updates() {
    int numbers = options.size() + more(1, false).length;
    KernelRows rows = new KernelRows(numbers);
    for (int i = 0; i < slots.owned().size(); i++) {
      Owned owned = slots.owned().get(i);
      if (!arena.hasGradient(owned.index())) {
        continue;
      }
      ParamGroup group = groups.get(owned.group());
      boolean first = false;
      for (String name : states()) {
        first = needs(name, group) && state.hold(name, i);
      }
      double[] more = more(state.count(i), first);
      double[] row = new double[numbers];
      for (int option = 0; option < options.size(); option++) {
        row[option] = group.option(options.get(option));
      }
      System.arraycopy(more, 0, row, options.size(), more.length);
      rows.add(owned.slot().offset(), owned.stateOffset(), owned.slot().size(), row);
    }
    return rows;
  }
}
