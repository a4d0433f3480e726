package org.djlrunner.examples.bundle;

import java.util.List;

/** The text of {@code BUNDLE.md}. */
final class BundleNotes {

  private BundleNotes() {}

  /** What the bundle is, what it needs and how it is started. */
  static String of(BundleRequest request, String libtorch, List<String> versions, boolean cuda) {
    StringBuilder text = new StringBuilder();
    text.append("# djl-runner, to start without Maven and without a network\n\n");
    text.append("```\n./runner doctor\n./runner train configs/quickstart.yaml");
    text.append(cuda ? " --device gpu" : "").append("\n```\n\n");
    text.append("Made by `./runner bundle` for Linux on x86-64.\n\n");
    text.append("- libtorch: ").append(libtorch).append('\n');
    for (String version : versions) {
      text.append("- ").append(version).append('\n');
    }
    if (cuda) {
      text.append("- NVIDIA: driver 525 or newer; no CUDA toolkit. GPUs: ");
      text.append(
          request.arch() == 0
              ? "compute capability 5.0 to 9.0"
              : "compute capability "
                  + request.arch() / 10
                  + ".x from "
                  + request.arch() / 10
                  + "."
                  + request.arch() % 10
                  + " on, no others (pruned)");
      text.append(".\n  Without a usable driver it runs on the CPU, and says so.\n");
    }
    text.append(
        request.jre()
            ? "- Java: `jre/` is used, whatever else is installed.\n"
            : "- Java: 17 or newer, a JRE will do: JAVA_HOME, else `java` in PATH.\n");
    text.append("- glibc 2.29 or newer");
    text.append(
        request.jre() ? " for libtorch; `jre/` needs that of the machine it was made on" : "");
    text.append(".\n\n`env.sh` holds all settings; programs of your own source it and start\n");
    text.append("`$RUNNER_JAVA $RUNNER_JAVA_FLAGS -cp \"$RUNNER_CLASSPATH\" MAIN`.\n");
    if (request.checks()) {
      text.append("`checks/` holds tests and benchmarks: `checks/gpu/accept.sh` runs them all.\n");
    }
    return text.toString();
  }
}
