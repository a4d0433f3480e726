package org.djlrunner.djl.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the declarations of TorchScript's serialised form: a class a module, its tensors and
 * modules as annotated attributes, indented by two spaces.
 */
final class ScriptClassReader {
  private static final Pattern CLASS = Pattern.compile("^class (\\w+)\\(Module\\):$");
  private static final Pattern OTHER_CLASS = Pattern.compile("^\\S.*");
  private static final Pattern NAMES = Pattern.compile("^ {2}__(parameters|buffers)__ = \\[(.*)]$");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("^ {2}(?:(\\w+)|__annotations__\\[\"([^\"]+)\"]) ?[:=] (.+)$");
  private static final Pattern CONSTANT = Pattern.compile("Final\\[\\w+] = (.*)");
  private static final Pattern FORWARD =
      Pattern.compile("^ {2}def forward\\(self: [^,)]+(?:,\\s*([^)]*))?\\) -> (.+):$");

  private static final Pattern ARGUMENTS = Pattern.compile(",\\s*(?=\\w+: )");

  private final String qualifier;
  private final List<ScriptClass> classes = new ArrayList<>();
  private Map<String, String> attributes = new LinkedHashMap<>();
  private List<String> parameters = List.of();
  private List<String> buffers = List.of();
  private Optional<ScriptClass.Signature> forward = Optional.empty();
  private String open = "";

  private ScriptClassReader(String qualifier) {
    this.qualifier = qualifier;
  }

  /**
   * The classes of modules that a text declares.
   *
   * @param qualifier the text's place, such as {@code __torch__.torch.nn.modules.conv}
   */
  static List<ScriptClass> read(String qualifier, String text) {
    ScriptClassReader reader = new ScriptClassReader(qualifier);
    // A method's head may be spread over lines; joined, each declaration is one.
    text.replaceAll(",\\n\\s+", ", ").lines().forEach(reader::line);
    reader.finish();
    return reader.classes;
  }

  private void line(String line) {
    Matcher opening = CLASS.matcher(line);
    if (opening.matches()) {
      finish();
      open = opening.group(1);
      return;
    }
    if (OTHER_CLASS.matcher(line).matches()) {
      finish();
    }
    Matcher names = NAMES.matcher(line);
    Matcher head = FORWARD.matcher(line);
    Matcher attribute = ATTRIBUTE.matcher(line);
    if (names.matches()) {
      if (names.group(1).equals("parameters")) {
        parameters = quoted(names.group(2));
      } else {
        buffers = quoted(names.group(2));
      }
    } else if (head.matches()) {
      forward = Optional.of(signature(head.group(1), head.group(2)));
    } else if (attribute.matches()) {
      String name = attribute.group(1) == null ? attribute.group(2) : attribute.group(1);
      attributes.putIfAbsent(name, attribute.group(3));
    }
  }

  private void finish() {
    if (!open.isEmpty()) {
      classes.add(declared());
    }
    open = "";
    attributes = new LinkedHashMap<>();
    parameters = List.of();
    buffers = List.of();
    forward = Optional.empty();
  }

  private ScriptClass declared() {
    Map<String, String> children = new LinkedHashMap<>();
    Map<String, String> constants = new LinkedHashMap<>();
    attributes.forEach(
        (name, type) -> {
          Matcher constant = CONSTANT.matcher(type);
          if (constant.matches()) {
            constants.put(name, constant.group(1));
          } else if (type.startsWith("__torch__.")) {
            children.put(name, type);
          }
        });
    List<ScriptClass.Tensor> tensors = new ArrayList<>();
    parameters.forEach(name -> addTensor(tensors, name, true));
    buffers.forEach(name -> addTensor(tensors, name, false));
    return new ScriptClass(qualifier + "." + open, tensors, children, constants, forward);
  }

  /** Leaves out what no object of the class has: it is declared to be of no type. */
  private void addTensor(List<ScriptClass.Tensor> tensors, String name, boolean trainable) {
    String type = attributes.getOrDefault(name, "");
    if (type.equals("Tensor") || type.equals("Optional[Tensor]")) {
      tensors.add(new ScriptClass.Tensor(name, trainable, !type.equals("Tensor")));
    }
  }

  private static List<String> quoted(String list) {
    return Pattern.compile("\"([^\"]*)\"").matcher(list).results().map(m -> m.group(1)).toList();
  }

  /** Arguments with a default need not be given, so they don't count. */
  private static ScriptClass.Signature signature(String arguments, String result) {
    List<String> types = new ArrayList<>();
    if (arguments != null) {
      for (String argument : ARGUMENTS.split(arguments, -1)) {
        if (!argument.contains("=")) {
          types.add(argument.substring(argument.indexOf(':') + 1).strip());
        }
      }
    }
    return new ScriptClass.Signature(types, result);
  }
}
