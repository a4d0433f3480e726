package org.djlrunner.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The module and package rules of docs/architecture.md, as far as runner-core goes. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.djlrunner");

  @Test
  @DisplayName("the core depends on the JDK, slf4j, jspecify and Jackson only")
  void dependencies() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.djlrunner..", "org.slf4j..", "org.jspecify..", "com.fasterxml.jackson..")
        .check(CORE);
  }

  @Test
  @DisplayName("packages depend on each other in one direction")
  void layers() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.djlrunner.metric", "org.djlrunner.config", "org.djlrunner.checkpoint")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.djlrunner.hook..", "org.djlrunner.internal..")
        .check(CORE);
    noClasses()
        .that()
        .resideInAnyPackage("org.djlrunner.spi", "org.djlrunner.schedule", "org.djlrunner.log")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.djlrunner.hook..", "org.djlrunner.internal..")
        .check(CORE);
  }

  @Test
  @DisplayName("names say what a class is")
  void names() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helpers?|Common|Impl)$")
        .orShould()
        .haveSimpleNameStartingWith("Abstract")
        .check(CORE);
  }
}
