package org.djlrunner.djl.script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.djlrunner.djl.kernel.ScriptMethod;

/**
 * The methods that are added to an exported module, so that its tensors come from outside.
 *
 * <p>While the module's forward runs, its parameters are the arrays that were handed in: gradients
 * flow to where they were cut from. Behind it the module holds empty tensors again, so that nothing
 * of a step outlives it.
 */
final class ModuleText {
  /** Takes inputs and tensors, returns what the module returns. */
  static final String RUN = "run";

  /** Returns the module's own tensors. */
  static final String VALUES = "values";

  /** Returns for each tensor that may be absent a number: 1 if it is there, else 0. */
  static final String PRESENT = "present";

  /** Empties the module's own tensors. */
  static final String RELEASE = "release";

  private static final String ROOT = "module";

  private final List<TensorPlace> places;
  private final int inputs;
  private final int results;
  private final Map<List<String>, String> modules = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();

  /**
   * The text for a module.
   *
   * @param places its tensors, in the order in which they are handed in
   * @param inputs the number of arrays that forward takes
   * @param results the number that it returns; 1 for an array by itself, 0 for a tuple of none
   */
  ModuleText(Collection<TensorPlace> places, int inputs, int results) {
    this.places = List.copyOf(places);
    this.inputs = inputs;
    this.results = results;
  }

  /** The method that says which tensors are there; the others are for those that are. */
  String writePresent() {
    return method(PRESENT, this::present);
  }

  /** All other methods. */
  String write() {
    return method(RUN, this::run) + method(VALUES, this::values) + method(RELEASE, this::release);
  }

  /** A method of a body that returns the variables of its results. */
  private String method(String name, Supplier<List<String>> body) {
    modules.clear();
    lines.clear();
    lines.add("return [" + String.join(", ", body.get()) + "]");
    return ScriptMethod.text(name, lines);
  }

  private List<String> run() {
    List<String> arguments = names("x", inputs);
    arguments.addAll(names("t", places.size()));
    lines.add(String.join(", ", arguments) + ", = arrays");
    for (int i = 0; i < places.size(); i++) {
      lines.add(attribute(i) + " = t" + i);
    }
    String call =
        "(" + module(List.of()) + ").forward(" + String.join(", ", names("x", inputs)) + ", )";
    List<String> outputs = names("y", results);
    lines.add((results == 1 ? "y0" : String.join(", ", outputs) + ", ") + " = " + call);
    for (int i = 0; i < places.size(); i++) {
      if (!places.get(i).tensor().trainable()) {
        keepBuffer(i);
      }
    }
    release();
    return outputs;
  }

  /** A buffer that forward replaced instead of changing it: what was handed in gets the value. */
  private void keepBuffer(int i) {
    lines.add("now" + i + " = " + value(i));
    lines.add("if torch.__isnot__(now" + i + ", t" + i + "):");
    lines.add("  _" + i + " = torch.copy_(t" + i + ", torch.detach(now" + i + "))");
    lines.add("else:");
    lines.add("  pass");
  }

  private List<String> present() {
    List<String> flags = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).tensor().optional()) {
        flags.add("there" + i);
        lines.add("it" + i + " = " + attribute(i));
        lines.add("if torch.__isnot__(it" + i + ", None):");
        lines.add("  there" + i + " = torch.ones([1], dtype=6, layout=None, device=None)");
        lines.add("else:");
        lines.add("  there" + i + " = torch.zeros([1], dtype=6, layout=None, device=None)");
      }
    }
    return flags;
  }

  private List<String> values() {
    return IntStream.range(0, places.size())
        .mapToObj(i -> "torch.detach(" + value(i) + ")")
        .toList();
  }

  private List<String> release() {
    lines.add("nothing = torch.zeros([0], dtype=6, layout=None, device=None)");
    for (int i = 0; i < places.size(); i++) {
      lines.add(attribute(i) + " = nothing");
    }
    return List.of("nothing");
  }

  private String attribute(int place) {
    return module(places.get(place).path()) + "." + places.get(place).name();
  }

  /** The tensor itself, where the class says that it might be absent too. */
  private String value(int place) {
    String attribute = attribute(place);
    return places.get(place).tensor().optional()
        ? "unchecked_cast(Tensor, " + attribute + ")"
        : attribute;
  }

  /** The variable of a module; fetched where it is first asked for. */
  private String module(List<String> path) {
    String known = modules.get(path);
    if (known != null) {
      return known;
    }
    String variable = "m" + modules.size();
    if (path.isEmpty()) {
      lines.add(variable + " = self." + ROOT);
    } else {
      String parent = module(path.subList(0, path.size() - 1));
      variable = "m" + modules.size();
      lines.add(variable + " = getattr(" + parent + ", \"" + path.get(path.size() - 1) + "\")");
    }
    modules.put(List.copyOf(path), variable);
    return variable;
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
