package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("X02 mistakes in asking for a bundle")
class BundleCommandTest {

  private final StringWriter err = new StringWriter();

  private void assertRefused(String message, String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "bundle";
    System.arraycopy(args, 0, all, 1, args.length);
    assertThat(RunnerCli.commandLine().setErr(new PrintWriter(err, true)).execute(all))
        .isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void folderIsMissing() {
    assertRefused("--out=DIR");
  }

  @Test
  void archWithoutCuda() {
    assertRefused("--arch is for bundles with --cuda", "--out=x", "--arch=90");
  }

  @Test
  void archThatIsNone() {
    assertRefused("such as 90", "--out=x", "--cuda", "--arch=9");
  }

  @Test
  void noCheckout() {
    assertRefused("./runner bundle", "--out=x");
  }
}
