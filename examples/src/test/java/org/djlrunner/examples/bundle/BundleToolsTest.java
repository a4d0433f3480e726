package org.djlrunner.examples.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The Python tools of {@code examples/bundle/}, by their own tests. */
class BundleToolsTest {

  private static boolean works(String... command) {
    try {
      OtherProgram.run("looking for it", List.of(command));
      return true;
    } catch (BundleException e) {
      return false;
    }
  }

  @Test
  @DisplayName("X07 pruned libraries stay whole, and pieces become the bundle again")
  void ownTests() {
    assumeTrue(works("python3", "-c", "import lzma, fcntl"), "no python3 here");
    assumeTrue(works("cc", "--version"), "no C compiler here");
    assertThat(OtherProgram.run("testing the tools", List.of("python3", "bundle/test_tools.py")))
        .endsWith("OK\n");
  }
}
