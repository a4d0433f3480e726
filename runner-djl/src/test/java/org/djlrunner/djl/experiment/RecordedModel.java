package org.djlrunner.djl.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.djlrunner.djl.optim.ModuleDescription;
import org.djlrunner.djl.optim.ModuleDescription.Member;
import org.djlrunner.djl.optim.ModuleKind;
import org.djlrunner.testkit.Vectors;

/**
 * A recorded description of a PyTorch model.
 *
 * @param singleChannel names of what is trained in two-dimensional convolutions of one channel
 */
record RecordedModel(List<ModuleDescription> modules, Set<String> singleChannel) {
  static boolean exists(String name) {
    return find(name).findAny().isPresent();
  }

  static RecordedModel named(String name) {
    List<ModuleDescription> modules = new ArrayList<>();
    Set<String> singleChannel = new HashSet<>();
    for (JsonNode module : find(name).findFirst().orElseThrow().at("modules")) {
      modules.add(module(module));
      if (module.path("kind").asText().equals("Conv2d")
          && module.path("in_channels").asInt() == 1) {
        for (JsonNode p : module.path("params")) {
          if (p.path("requires_grad").asBoolean()) {
            singleChannel.add(module.path("path").asText() + "." + name(p));
          }
        }
      }
    }
    return new RecordedModel(modules, singleChannel);
  }

  private static Stream<Vectors.Case> find(String name) {
    return Vectors.cases("sgd/paramwise_models.json")
        .filter(model -> model.at("model").asText().equals(name));
  }

  private static ModuleDescription module(JsonNode module) {
    List<Member> members = new ArrayList<>();
    for (JsonNode p : module.path("params")) {
      members.add(
          new Member(
              name(p),
              p.path("id").asInt(),
              name(p).equals("bias"),
              p.path("requires_grad").asBoolean()));
    }
    return new ModuleDescription(
        module.path("path").asText(), kind(module), module.path("module_id").asInt(), members);
  }

  private static ModuleKind kind(JsonNode module) {
    String kind = module.path("kind").asText();
    if (kind.matches("(Lazy|Sync)?(Batch|Instance|Group|Layer)Norm([123]d)?")) {
      return ModuleKind.NORM;
    }
    return switch (kind) {
      case "Conv2d" ->
          ModuleKind.conv2d(module.path("in_channels").asInt(), module.path("groups").asInt());
      case "DeformConv2d", "ModulatedDeformConv2d" -> ModuleKind.DEFORMABLE_CONV2D;
      default -> ModuleKind.OTHER;
    };
  }

  private static String name(JsonNode parameter) {
    return parameter.path("name").asText();
  }

  /** The names of all parameters, each as often as it occurs under another name. */
  List<String> names() {
    return modules.stream()
        .flatMap(
            m ->
                m.parameters().stream()
                    .map(p -> m.path().isEmpty() ? p.name() : m.path() + "." + p.name()))
        .toList();
  }

  /** Whether different modules share a parameter that is trainable, or one that is not. */
  boolean shares(boolean trainable) {
    Set<Object> modulesSeen = new HashSet<>();
    Set<Object> seen = new HashSet<>();
    return modules.stream()
        .filter(m -> modulesSeen.add(List.of(parent(m), m.identity())))
        .flatMap(m -> m.parameters().stream())
        .anyMatch(p -> !seen.add(p.identity()) && p.trainable() == trainable);
  }

  private static String parent(ModuleDescription module) {
    return module.path().replaceFirst("(^|\\.)[^.]*$", "");
  }

  /** The same with each parameter in the first of its places only. */
  RecordedModel withoutDuplicates() {
    Set<Object> seen = new HashSet<>();
    return new RecordedModel(
        modules.stream()
            .map(
                m ->
                    new ModuleDescription(
                        m.path(),
                        m.kind(),
                        m.identity(),
                        m.parameters().stream().filter(p -> seen.add(p.identity())).toList()))
            .toList(),
        singleChannel);
  }
}
