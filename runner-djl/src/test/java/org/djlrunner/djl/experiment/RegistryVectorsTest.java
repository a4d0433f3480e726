package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registries, operation by operation, against MMCV's. */
@ExtendWith(VectorTally.class)
class RegistryVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Stream<Case> recorded() {
    return Vectors.cases("errors/registry.json");
  }

  /** What was built, as the recording shows it. */
  private static Object alpha(String type, ConfigReader config) {
    return Map.of("type", type, "x", config.integer("x", 1), "y", config.integer("y", 2));
  }

  private static Object beta(ConfigReader config) {
    if (config.node("need").isEmpty()) {
      config.error("need", "missing");
    }
    if (config.keys().contains("need") && !isNumber(config)) {
      String need = config.string("need");
      if (need.equals("io")) {
        throw new UncheckedIOException(new IOException("io"));
      }
      throw new IllegalArgumentException(need);
    }
    return Map.of("type", "Beta", "need", config.integer("need", 0));
  }

  private static boolean isNumber(ConfigReader config) {
    return config.node("need").orElseThrow().describe().startsWith("the number");
  }

  private static final Map<String, Function<ConfigReader, Object>> MODULES =
      Map.of(
          "Alpha", config -> alpha("Alpha", config),
          "Beta", RegistryVectorsTest::beta,
          "Gamma", config -> alpha("Gamma", config),
          "gamma_fn", config -> List.of("made", config.integer("z", 3)));

  /** Plays a case's operations on our registries, and knows what MMCV's rules are. */
  private static final class Play {
    private final Map<String, Registry<Object>> registries = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, Map<String, String>> names = new HashMap<>();
    private final Map<Function<ConfigReader, Object>, String> modules = new HashMap<>();
    private boolean outward;
    private boolean classAsType;
    private boolean dotted;

    Play() {
      MODULES.forEach((name, factory) -> modules.put(factory, name));
    }

    void play(Case c) {
      for (int i = 0; i < c.at("operations").size(); i++) {
        JsonNode operation = c.at("operations").get(i);
        JsonNode result = c.at("results").get(i);
        JsonNode with = operation.get(1);
        String what = operation.get(0).asText();
        String instead = instead(what, with);
        if (instead != null) {
          assertThat(value(what, with)).as("%s", operation).isEqualTo(instead);
        } else if (result.hasNonNull("raises") || refusedHere(what, with)) {
          assertThatThrownBy(() -> apply(what, with)).as("%s", operation).isNotNull();
        } else {
          assertThat(value(what, with)).as("%s", operation).isEqualTo(plain(result.get("returns")));
        }
      }
    }

    /** A name that is only found outward, which MMCV doesn't look for. */
    private @Nullable String instead(String what, JsonNode with) {
      String id = with.path("id").asText();
      String key = with.path("key").asText();
      if (!what.equals("get") || key.contains(".") || names(id).containsKey(key)) {
        return null;
      }
      for (String up = parents.get(id); up != null; up = parents.get(up)) {
        if (names(up).containsKey(key)) {
          outward = true;
          return names(up).get(key);
        }
      }
      return null;
    }

    /** A class instead of its name, which no config can hold, and names that can't be found. */
    private boolean refusedHere(String what, JsonNode with) {
      boolean ofClass = what.equals("build") && with.path("config").path("type").has("class");
      boolean name = what.equals("register") && with.path("name").asText().contains(".");
      classAsType |= ofClass;
      dotted |= name;
      return ofClass || name;
    }

    private Map<String, String> names(String id) {
      return names.computeIfAbsent(id, i -> new HashMap<>());
    }

    private @Nullable Object value(String what, JsonNode with) {
      return plain(JSON.valueToTree(apply(what, with)));
    }

    private @Nullable Object apply(String what, JsonNode with) {
      String id = with.path("id").asText();
      return switch (what) {
        case "new" -> {
          create(id, with);
          yield null;
        }
        case "register" -> {
          register(id, with);
          yield null;
        }
        case "get" -> registry(id).find(with.path("key").asText()).map(modules::get).orElse(null);
        case "contains" -> registry(id).find(with.path("key").asText()).isPresent();
        case "len" -> registry(id).types().size();
        case "build" -> build(registry(id), with);
        default -> throw new IllegalArgumentException(what);
      };
    }

    private void create(String id, JsonNode with) {
      String scope = with.path("scope").asText("main");
      if (with.hasNonNull("parent")) {
        registries.put(id, registry(with.get("parent").asText()).child(scope));
        parents.put(id, with.get("parent").asText());
      } else {
        registries.put(id, new Registry<>(with.path("name").asText(), scope));
      }
    }

    private Registry<Object> registry(String id) {
      return Optional.ofNullable(registries.get(id)).orElseThrow();
    }

    /** What Java's types don't take, a program can't be written with. */
    private void register(String id, JsonNode with) {
      Function<ConfigReader, Object> factory = MODULES.get(with.path("module").asText());
      JsonNode name = with.path("name");
      if (factory == null || (with.has("force") && !with.get("force").isBoolean())) {
        throw new ClassCastException("not Java");
      }
      List<String> types = new ArrayList<>();
      if (name.isArray()) {
        name.forEach(n -> types.add(text(n)));
      } else {
        types.add(name.isMissingNode() || name.isNull() ? with.get("module").asText() : text(name));
      }
      if (with.path("force").asBoolean()) {
        types.forEach(type -> registry(id).replace(type, factory));
      } else {
        registry(id).register(types, factory);
      }
      types.forEach(type -> names(id).put(type, with.get("module").asText()));
    }

    private static String text(JsonNode node) {
      if (!node.isTextual()) {
        throw new ClassCastException("not Java");
      }
      return node.asText();
    }

    private static Object build(Registry<Object> registry, JsonNode with) {
      return registry.build(map(with.path("config")), map(with.path("default_args")));
    }

    private static Map<String, ?> map(JsonNode node) {
      if (node.isMissingNode()) {
        return Map.of();
      }
      if (!node.isObject()) {
        throw new ClassCastException("not Java");
      }
      Map<String, Object> map = new HashMap<>();
      node.properties()
          .forEach(p -> map.put(p.getKey(), JSON.convertValue(p.getValue(), Object.class)));
      return map;
    }
  }

  private static @Nullable Object plain(@Nullable JsonNode node) {
    return node == null ? null : JSON.convertValue(node, Object.class);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("C02 C06 registries look up, refuse and build as MMCV's, but outward too")
  void plays(Case c) {
    Play trial = new Play();
    boolean deviates = deviates(c, trial);
    if (deviates) {
      c.deviation("Q-C1, Q-C5, Q-C15", () -> new Play().play(c));
    } else {
      c.equal(() -> new Play().play(c));
    }
  }

  /** Whether a case's operations look outward, build by class, or name with dots. */
  private static boolean deviates(Case c, Play trial) {
    for (JsonNode operation : c.at("operations")) {
      String what = operation.get(0).asText();
      JsonNode with = operation.get(1);
      var unused = trial.instead(what, with);
      if (!trial.refusedHere(what, with) && List.of("new", "register").contains(what)) {
        try {
          trial.apply(what, with);
        } catch (RuntimeException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
    return trial.outward || trial.classAsType || trial.dotted;
  }
}
