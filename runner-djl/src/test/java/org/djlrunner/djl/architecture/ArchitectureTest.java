package org.djlrunner.djl.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may know whom, and what things may be called, in the main code of both libraries. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("test-classes"))
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.djlrunner");

  private static final Pattern READS =
      Pattern.compile(
          "to(\\w*Array|ByteBuffer|String|DebugString)|get(Float|Double|Int|Long|Boolean)");

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
  @DisplayName("O07 few classes read from a device, none of them while it trains")
  void readingFromADeviceHasItsPlaces() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        // Once for all pending numbers, when they are logged.
        .and()
        .doNotHaveSimpleName("DeviceScalars")
        // Once an evaluation.
        .and()
        .haveNameNotMatching(".*\\.(ConfusionMatrix|CalibrationError)(\\$.*)?")
        // When a checkpoint is written or a state loaded.
        .and()
        .haveNameNotMatching(".*\\.CapturedModel(\\$.*)?")
        .and()
        .doNotHaveSimpleName("ArenaOptimizer")
        // Once a process or network, on trial.
        .and()
        .doNotHaveSimpleName("TorchKernels")
        .and()
        .doNotHaveSimpleName("Trial")
        .and()
        .doNotHaveSimpleName("TiedTensors")
        .and()
        .doNotHaveSimpleName("PresentTensors")
        // Records of DJL data sets, which lie on the CPU.
        .and()
        .haveNameNotMatching(".*\\.BatchAssembler(\\$.*)?")
        // Arrays of the host that are written, not read.
        .and()
        .haveNameNotMatching(".*\\.PinnedMemory(\\$.*)?")
        .and()
        .doNotHaveSimpleName("DeviceCache")
        .should()
        .callMethodWhere(
            describe(
                "an array's numbers are read",
                call ->
                    call.getTargetOwner().isAssignableTo(NDArray.class)
                        && READS.matcher(call.getName()).matches()))
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
