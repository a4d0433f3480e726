package org.djlrunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules of docs/spec.md and the tests that hold them. */
class SpecCoverageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern RULE = Pattern.compile("(?m)^\\| ([A-Z]\\d\\d) \\| (.*) \\|$");
  private static final Pattern ID = Pattern.compile("\\b([A-Z]\\d\\d)\\b");

  @Test
  @DisplayName("every rule has a test that names it, or says that none can")
  void everyRuleIsTested() throws IOException {
    Set<String> named = namedInTests();
    Set<String> untested = new TreeSet<>();
    Matcher rule = RULE.matcher(Files.readString(ROOT.resolve("docs/spec.md")));
    while (rule.find()) {
      if (!named.contains(rule.group(1)) && !rule.group(2).contains("Not tested automatically")) {
        untested.add(rule.group(1));
      }
    }
    assertThat(untested).as("rules without a test").isEmpty();
  }

  @Test
  @DisplayName("every rule that a test names exists")
  void everyNameIsARule() throws IOException {
    String spec = Files.readString(ROOT.resolve("docs/spec.md"));
    Set<String> rules =
        RULE.matcher(spec).results().map(r -> r.group(1)).collect(Collectors.toSet());
    assertThat(rules).hasSizeGreaterThan(50).containsAll(namedInTests());
  }

  private static Set<String> namedInTests() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String module : new String[] {"runner-core", "runner-djl", "examples"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
          Files.readString(file)
              .lines()
              .filter(line -> line.contains("@DisplayName"))
              .forEach(line -> ID.matcher(line).results().forEach(m -> named.add(m.group(1))));
        }
      }
    }
    return named;
  }
}
