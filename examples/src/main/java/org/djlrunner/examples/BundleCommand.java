package org.djlrunner.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.djlrunner.examples.bundle.Bundle;
import org.djlrunner.examples.bundle.BundleException;
import org.djlrunner.examples.bundle.BundleRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code runner bundle --out DIR}: collects all that a machine without a network needs.
 *
 * <p>The launcher builds for the native that is asked for, and says in system properties where the
 * repository is ({@code runner.root}) and what the checks run with ({@code
 * runner.checks.classpath}).
 */
@Command(
    name = "bundle",
    description = {
      "Collects in one folder all that training needs on a machine without network.",
      "It is for Linux and needs no Maven there. DIR/runner starts it. docs/gpu.md says how to take it"
          + " along."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n")
final class BundleCommand implements Callable<Integer> {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where it goes; replaces a bundle that is there, nothing else.")
  private Path out = Path.of("");

  @Option(names = "--cuda", description = "With libtorch for NVIDIA GPUs; default: for the CPU.")
  private boolean cuda;

  @Option(
      names = "--arch",
      paramLabel = "NN",
      description = {
        "Machine code for one GPU generation only, such as 90 for compute capability 9.0;",
        "with --cuda. Needs python3."
      })
  private @Nullable Integer arch;

  @Option(names = "--jre", description = "With a small Java runtime, made from this JDK.")
  private boolean jre;

  @Option(names = "--checks", description = "With the tests and benchmarks that run on GPUs.")
  private boolean checks;

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  BundleCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    if (arch != null && !cuda) {
      throw new UserError("--arch is for bundles with --cuda");
    }
    if (arch != null && (arch < 50 || arch > 99)) {
      throw new UserError(
          "--arch "
              + arch
              + ": expected a compute capability without its dot, 50 to 90, such as 90");
    }
    String root = System.getProperty("runner.root");
    String checksClassPath = System.getProperty("runner.checks.classpath");
    if (root == null || (checks && checksClassPath == null)) {
      throw new UserError("bundles are made in a checkout, with ./runner bundle");
    }
    BundleRequest request =
        new BundleRequest(
            Path.of(root),
            System.getProperty("java.class.path"),
            checks ? checksClassPath : null,
            jre,
            arch == null ? 0 : arch);
    try {
      new Bundle(request, spec.commandLine().getOut()::println).write(out);
    } catch (BundleException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
    spec.commandLine()
        .getOut()
        .println("Made " + out + "; start it with " + out + "/runner doctor");
    return 0;
  }
}
