package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From {@code type: X} to an object. */
@DisplayName("C02 types by name")
class RegistryTest {

  private record Sgd(double lr, double momentum) {
    Sgd {
      if (lr <= 0) {
        throw new IllegalArgumentException("lr must be positive, got " + lr);
      }
    }
  }

  private final ConfigErrors errors = new ConfigErrors();
  private final Registry<Sgd> registry =
      new Registry<Sgd>("optimizer")
          .register("SGD", reader -> new Sgd(reader.number("lr"), reader.number("momentum", 0)))
          .register("Plain", reader -> new Sgd(1, 0));

  private Optional<Sgd> build(String yaml) {
    return registry.build(Config.parse(yaml, "a.yaml").reader(errors).section("optimizer"));
  }

  @Test
  void theTypeNamesTheFactoryAndTheOtherKeysAreItsSettings() {
    assertThat(build("optimizer: {type: SGD, lr: 0.1, momentum: 0.9}")).contains(new Sgd(0.1, 0.9));
    assertThat(errors.isEmpty()).isTrue();
  }

  @Test
  void typesAreListedInTheOrderOfTheirRegistration() {
    assertThat(registry.types()).containsExactly("SGD", "Plain");
  }

  @Test
  void aTypeIsRegisteredOnce() {
    assertThatThrownBy(() -> registry.register("SGD", reader -> new Sgd(1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "optimizer 'SGD' is registered already, by org.djlrunner.config.RegistryTest in ");
  }

  @Test
  void anUnknownTypeIsReportedWithTheNearestAndAllKnown() {
    assertThat(build("\noptimizer: {type: SDG}")).isEmpty();
    assertThat(errors.messages())
        .containsExactly(
            "a.yaml:2: optimizer.type: unknown optimizer 'SDG', did you mean 'SGD'?"
                + " known: SGD, Plain");
  }

  @Test
  void aMissingTypeIsReportedWithAllKnown() {
    assertThat(build("optimizer: {lr: 1}")).isEmpty();
    assertThat(errors.messages())
        .containsExactly(
            "a.yaml:1: optimizer.type: missing; expected the type of optimizer: SGD, Plain");
  }

  @Test
  void aTypeThatIsNoTextIsReportedOnce() {
    assertThat(build("optimizer: {type: 5}")).isEmpty();
    assertThat(errors.messages())
        .containsExactly(
            "a.yaml:1: optimizer.type: expected a text, got the number 5; put it in quotes");
  }

  @Test
  void aMissingTypeMayHaveADefault() {
    ConfigReader reader = Config.parse("lr: 2", "a.yaml").reader(errors);
    assertThat(registry.build(reader, "SGD")).contains(new Sgd(2, 0));
    assertThat(errors.isEmpty()).isTrue();
  }

  @Test
  void keysThatTheFactoryDoesNotKnowAreReported() {
    build("optimizer:\n  type: SGD\n  lr: 1\n  momentun: 0.9");
    assertThat(errors.messages())
        .containsExactly(
            "a.yaml:4: optimizer.momentun: unknown key 'momentun', did you mean 'momentum'?"
                + " known: type, lr, momentum");
  }

  @Test
  void whatTheFactoryRefusesIsReportedAtTheMapping() {
    assertThat(build("\n\noptimizer: {type: SGD, lr: -1}")).isEmpty();
    assertThat(errors.messages())
        .containsExactly("a.yaml:3: optimizer: lr must be positive, got -1.0");
  }

  @Test
  void aRefusalThatFollowsFromAnErrorBeforeIsNotReportedOnTop() {
    assertThat(build("optimizer: {type: SGD, lr: fast}")).isEmpty();
    assertThat(errors.messages())
        .containsExactly("a.yaml:1: optimizer.lr: expected a number, got the text 'fast'");
  }

  @Test
  @DisplayName("C06 a plain name is looked for outward, one with a scope there and nowhere else")
  void scopes() {
    Registry<String> root = new Registry<String>("hook", "app").register("A", reader -> "root A");
    Registry<String> lib = root.child("lib").register("B", reader -> "lib B");
    Registry<String> deep = lib.child("deep").register("A", reader -> "deep A");
    assertThat(built(deep, "A")).isEqualTo("deep A");
    assertThat(built(deep, "B")).isEqualTo("lib B");
    assertThat(built(lib, "A")).isEqualTo("root A");
    assertThat(built(root, "lib.B")).isEqualTo("lib B");
    assertThat(built(root, "lib.deep.A")).isEqualTo("deep A");
    assertThat(built(deep, "app.A")).isEqualTo("root A");
    assertThat(root.find("B")).isEmpty();
    assertThat(root.find("lib.A")).isEmpty();
  }

  @Test
  @DisplayName("C06 errors name the scopes, near names, and who provides a type")
  void scopeErrors() {
    Registry<String> root = new Registry<String>("hook", "app").register("A", reader -> "a");
    root.child("lib").register("Timer", reader -> "t");
    assertThatThrownBy(() -> built(root, "libb.Timer"))
        .hasMessageContaining("unknown scope 'libb' in hook 'libb.Timer', did you mean 'lib'?");
    assertThatThrownBy(() -> built(root, "Timer"))
        .hasMessageContaining("there is lib.Timer, by org.djlrunner.config.RegistryTest in ");
    assertThatThrownBy(() -> root.child("lib")).hasMessageContaining("a child 'lib' already");
    assertThatThrownBy(() -> root.register("a.b", reader -> "")).hasMessageContaining("dots");
    assertThat(root.providerOf("A").orElseThrow())
        .startsWith("org.djlrunner.config.RegistryTest in ");
  }

  @Test
  @DisplayName(
      "C07 plain maps build too, defaults fill in what they leave out, and nothing changes them")
  void maps() {
    Map<String, Object> config = Map.of("lr", 2);
    assertThat(registry.build(config, Map.of("type", "SGD", "momentum", 0.5, "lr", 9)))
        .isEqualTo(new Sgd(2, 0.5));
    assertThatThrownBy(
            () -> registry.build(Map.of("type", "SGD", "lr", 1, "momentun", 1), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown key 'momentun', did you mean 'momentum'?");
  }

  @Test
  @DisplayName("C06 a type is replaced only on purpose")
  void replaced() {
    registry.replace("Plain", reader -> new Sgd(7, 0));
    assertThat(registry.build(Map.of("type", "Plain"), Map.of())).isEqualTo(new Sgd(7, 0));
  }

  private static String built(Registry<String> registry, String type) {
    return registry.build(Map.of("type", type), Map.of());
  }
}
