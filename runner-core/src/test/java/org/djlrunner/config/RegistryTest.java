package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
