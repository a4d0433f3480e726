package org.djlrunner.djl.compile;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.djlrunner.djl.kernel.ScriptMethod;
import org.djlrunner.djl.loss.ScriptLoss;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.precision.Precision;
import org.jspecify.annotations.Nullable;

/** Writes a whole method: unpacks its arguments, splits the arena, runs the trace, returns. */
final class MethodText {
  private static final String PARAMETERS = "parameters";
  private static final String LABELS = "labels";

  /** Elements below which copying a gradient costs less than an operation of the backward pass. */
  private static final long SMALL = 1 << 15;

  private final ParameterArena arena;
  private final List<Parameter> constants;
  private final Trace trace;
  private final Precision precision;
  private final StepText text;

  MethodText(
      ParameterArena arena,
      List<Parameter> constants,
      Trace trace,
      Precision precision,
      boolean roundOnly) {
    this.arena = arena;
    this.constants = constants;
    this.trace = trace;
    this.precision = precision;
    this.text = new StepText(trace, precision, roundOnly);
  }

  /**
   * The method's text.
   *
   * @param raw whether its only input comes as pixels, mean and std
   * @param loss what it computes and returns first, null for nothing
   */
  String write(String name, boolean raw, @Nullable ScriptLoss loss) {
    arguments(raw, loss != null);
    splitArena();
    text.statements();
    List<String> results = new ArrayList<>(trace.outputs().stream().map(text::inFloat).toList());
    if (loss != null) {
      text.line("loss = " + loss.script(results.get(0), LABELS).orElseThrow());
      results.add(0, "loss");
    }
    text.line("return [" + String.join(", ", results) + "]");
    return ScriptMethod.text(name, text.lines());
  }

  private void arguments(boolean raw, boolean labels) {
    List<String> names = new ArrayList<>(List.of(PARAMETERS));
    if (raw) {
      names.addAll(List.of("pixels", "mean", "std"));
    } else {
      trace.inputs().forEach(input -> names.add(input.name()));
    }
    if (labels) {
      names.add(LABELS);
    }
    for (Parameter constant : constants) {
      // A parameter that only the other method asks for still is an argument.
      Argument.Variable variable = trace.parameters().get(constant);
      String name = variable == null ? "unused" + names.size() : variable.name();
      names.add(name);
      text.declare(name, false);
    }
    text.line(String.join(", ", names) + ", = arrays");
    if (raw) {
      text.line("scaled = torch.div_(torch.sub_(torch.to(pixels, 6), mean), std)");
      text.line(trace.inputs().get(0).name() + " = torch.permute(scaled, [0, 3, 1, 2])");
    }
    for (Argument.Variable input : trace.inputs()) {
      text.declareIfFloating(input);
    }
    text.line(StepText.SAMPLES + " = torch.size(" + trace.inputs().get(0).name() + ", 0)");
  }

  /**
   * Cuts the flat parameters into runs of one type, casts each run and cuts it into parameters.
   *
   * <p>Every view is an operation of the backward pass too, so small neighbours of one shape are
   * cut from one array together. For large ones that would be a second copy of their gradients.
   */
  private void splitArena() {
    List<List<ArenaSlot>> runs = neighbours(arena.slots(), this::isLow);
    cut(PARAMETERS, "runs", runs);
    for (int r = 0; r < runs.size(); r++) {
      String whole = "runs[" + r + "]";
      if (isLow(runs.get(r).get(0))) {
        whole = "torch.to(" + whole + ", " + precision.code() + ")";
      }
      List<List<ArenaSlot>> alike = neighbours(runs.get(r), MethodText::family);
      cut(whole, "run" + r, alike);
      for (int i = 0; i < alike.size(); i++) {
        parameters(alike.get(i), "run" + r + "[" + i + "]", "alike" + r + "_" + i);
      }
    }
  }

  /** Writes a split of a flat array into one flat piece a group. */
  private void cut(String whole, String pieces, List<List<ArenaSlot>> groups) {
    if (groups.size() == 1) {
      text.line(pieces + " = [" + whole + "]");
      return;
    }
    List<Long> lengths =
        groups.stream().map(group -> group.stream().mapToLong(ArenaSlot::size).sum()).toList();
    text.line(pieces + " = torch.split_with_sizes(" + whole + ", " + lengths + ")");
  }

  /** Writes the parameters of one shape that lie in a flat piece. */
  private void parameters(List<ArenaSlot> alike, String piece, String list) {
    if (alike.size() == 1) {
      parameter(alike.get(0), alike.get(0).fromStorage(piece));
      return;
    }
    text.line(list + " = torch.unbind(" + ArenaSlot.stacked(alike, piece) + ")");
    for (int i = 0; i < alike.size(); i++) {
      parameter(alike.get(i), list + "[" + i + "]");
    }
  }

  private void parameter(ArenaSlot slot, String view) {
    Argument.Variable variable = trace.parameters().get(slot.parameter());
    if (variable != null) {
      text.line(variable.name() + " = " + view);
      text.declare(variable.name(), isLow(slot));
    }
  }

  /** What neighbours must share to be cut together: for a large parameter, itself. */
  private static Object family(ArenaSlot slot) {
    return slot.size() < SMALL ? slot.shape() : slot;
  }

  /** Groups of neighbours that agree in something. */
  private static List<List<ArenaSlot>> neighbours(
      List<ArenaSlot> slots, Function<ArenaSlot, Object> property) {
    List<List<ArenaSlot>> groups = new ArrayList<>();
    for (ArenaSlot slot : slots) {
      List<ArenaSlot> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
      if (last.isEmpty() || !property.apply(last.get(0)).equals(property.apply(slot))) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(slot);
    }
    return groups;
  }

  private boolean isLow(ArenaSlot slot) {
    Argument.Variable variable = trace.parameters().get(slot.parameter());
    return variable != null && text.wantsLow(variable);
  }
}
