package org.djlrunner.djl.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom, and what things may be called, in the main code of both libraries. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("test-classes"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.djlrunner");

  private static final String ENGINE = "org.djlrunner.djl..";

  @Test
  void bothLibrariesAreLookedAt() {
    assertThat(ALL.contain("org.djlrunner.djl.DjlModelStep")).isTrue();
    assertThat(ALL.contain("org.djlrunner.Runner")).isTrue();
    assertThat(ALL.contain("org.djlrunner.testkit.FakeStep")).isFalse();
  }

  @Test
  void theEngineModuleKnowsNoCommandLineNoBenchmarkAndNoExample() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "org.openjdk.jmh..", "org.djlrunner.examples..")
        .check(ALL);
  }

  @Test
  void theCoreKnowsNoEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", ENGINE)
        .check(ALL);
  }

  @Test
  void internalsOfTheCoreStayInTheCore() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.djlrunner.internal..")
        .check(ALL);
  }

  @Test
  void trainingOfDjlItselfIsNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl.training.optimizer..", "ai.djl.training.tracker..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.training.EasyTrain")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.training.Trainer")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.training.LocalParameterServer")
        .check(ALL);
  }

  @Test
  void classesAreNamedForWhatTheyAre() {
    classes()
        .should()
        .haveNameNotMatching(".*\\.(Abstract[A-Z]\\w*|\\w*(Utils?|Helpers?|Common|Impl))")
        .check(ALL);
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..", "..utils..", "..helper..", "..helpers..", "..common..", "..impl..")
        .check(ALL);
  }

  @Test
  void everyPackageSaysWhatItHoldsAndIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass found : ALL) {
      JavaPackage itsPackage = found.getPackage();
      boolean marked =
          itsPackage
              .tryGetPackageInfo()
              .map(info -> info.isAnnotatedWith(NullMarked.class))
              .orElse(false);
      if (!marked) {
        unmarked.add(itsPackage.getName());
      }
    }

    assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
  }
}
