package org.djlrunner.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.djl.experiment.Experiment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code runner train CONFIG}: trains what a config describes. */
@Command(
    name = "train",
    description = "Trains what a config describes.",
    footer = {
      "",
      "Options given here win over the config. Files go to the work dir: TIMESTAMP.log,",
      "TIMESTAMP.log.json, the config as it took effect, checkpoints, and latest, which names the",
      "newest checkpoint."
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Where files go; default: work_dirs/ and the config's name.")
  private @Nullable Path workDir;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu|gpu:N",
      description = "What to train on; default: the config's, else auto, a GPU if one can be used.")
  private @Nullable String device;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Picks initial weights and the order of samples; default: the config's, else 0.")
  private @Nullable Long seed;

  @Option(
      names = "--resume",
      paramLabel = "auto|FILE",
      description =
          "Goes on from a checkpoint as if there had been no break; auto takes the newest whole one"
              + " in the work dir, or begins if there is none.")
  private @Nullable String resume;

  @Option(
      names = "--load-from",
      paramLabel = "FILE",
      description = "Begins with the weights of a checkpoint.")
  private @Nullable Path loadFrom;

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  TrainCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Config config = effectiveConfig();
    Path folder = workDir(config);
    Experiment experiment = Experiment.read(config);
    PrintWriter err = spec.commandLine().getErr();
    try (TerminalLine bar = TerminalLine.isPossible() ? TerminalLine.open() : null;
        StopOnSignal stop = StopOnSignal.listen(experiment::requestStop, err::println)) {
      if (bar != null) {
        experiment.with(new ProgressBarHook(bar::show));
      }
      RunResult result = experiment.run(folder, dumpName(folder));
      spec.commandLine().getOut().println(summary(result, folder));
      return stop.exitCode().orElse(0);
    }
  }

  private Config effectiveConfig() {
    Config config = arguments.load();
    if (workDir != null) {
      config = config.with("work_dir", workDir.toString());
    }
    if (device != null) {
      config = config.with("device", device);
    }
    if (resume != null) {
      config =
          resume.equals("auto")
              ? config.with("auto_resume", true).with("resume_from", null)
              : config.with("resume_from", resume);
    }
    if (loadFrom != null) {
      config = config.with("load_from", loadFrom.toString());
    }
    if (seed != null) {
      config = config.with("seed", seed);
    }
    return config;
  }

  private Path workDir(Config config) {
    Object configured = config.toMap().get("work_dir");
    if (configured instanceof String folder && !folder.isBlank()) {
      return Path.of(folder);
    }
    String name = arguments.file().getFileName().toString();
    int dot = name.lastIndexOf('.');
    return Path.of("work_dirs", dot > 0 ? name.substring(0, dot) : name);
  }

  /** The config's own name, but never in the place of the config that the user wrote. */
  private String dumpName(Path folder) {
    String name = arguments.file().getFileName().toString();
    Path written = folder.resolve(name).toAbsolutePath().normalize();
    return written.equals(arguments.file().toAbsolutePath().normalize()) ? "merged." + name : name;
  }

  private static String summary(RunResult result, Path folder) {
    StringBuilder line = new StringBuilder("Done: ").append(result.stopReason());
    result
        .metrics()
        .forEach(
            (name, value) -> line.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    return line.append(". Files are in ").append(folder).toString();
  }
}
