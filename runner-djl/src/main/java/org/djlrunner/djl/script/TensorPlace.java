package org.djlrunner.djl.script;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a parameter or buffer hangs in an exported network.
 *
 * @param path the names of the modules around it, from the outermost; empty for the network itself
 * @param tensor what its module's class declares of it
 */
record TensorPlace(List<String> path, ScriptClass.Tensor tensor) {
  /** All places of a network, in the order of its state dict. */
  static List<TensorPlace> of(ExportedArchive archive) throws IOException {
    List<TensorPlace> places = new ArrayList<>();
    collect(archive, archive.root(), List.of(), places);
    return List.copyOf(places);
  }

  String name() {
    return tensor.name();
  }

  /** The name in the state dict. */
  String fullName() {
    return path.isEmpty() ? name() : String.join(".", path) + "." + name();
  }

  private static void collect(
      ExportedArchive archive, ScriptClass type, List<String> path, List<TensorPlace> places)
      throws IOException {
    type.tensors().forEach(tensor -> places.add(new TensorPlace(path, tensor)));
    for (Map.Entry<String, String> child : type.children().entrySet()) {
      collect(archive, archive.type(child.getValue()), inner(path, child.getKey()), places);
    }
  }

  /** The path of a module within another. */
  static List<String> inner(List<String> path, String name) {
    List<String> inner = new ArrayList<>(path);
    inner.add(name);
    return List.copyOf(inner);
  }
}
