package org.djlrunner.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.djlrunner.djl.experiment.Experiment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code runner schedule CONFIG}: learning rate and momentum of a whole run, before it runs. */
@Command(
    name = "schedule",
    description = "Shows learning rate and momentum at every iteration of a run, without data.",
    footer = {
      "",
      "Counters are zero-based; each row is a training iteration, with one value for each group of",
      "parameters, by name where there are several optimizers.",
      "As json: [{\"epoch\":0,\"iter\":0,\"inner_iter\":0,\"lr\":[0.1],\"momentum\":[0.9]}, ...]"
    })
final class ScheduleCommand implements Callable<Integer> {
  /** What is written. */
  enum Format {
    CSV,
    JSON,
    PNG
  }

  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Option(
      names = "--format",
      paramLabel = "csv|json|png",
      description = "What to write; default: csv. png draws it and needs --out.")
  private String format = "csv";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write; default: standard output.")
  private @Nullable Path out;

  @Option(
      names = "--iters-per-epoch",
      paramLabel = "N",
      description = "Iterations of an epoch; default: what the data set's size makes of it.")
  private @Nullable Integer itersPerEpoch;

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  ScheduleCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Format chosen = format();
    OptionalInt epochLength = epochLength();
    Experiment experiment = Experiment.read(arguments.load());
    if (out == null) {
      write(experiment, epochLength, new ScheduleText(spec.commandLine().getOut(), chosen));
    } else {
      toFile(experiment, epochLength, chosen, out);
    }
    return 0;
  }

  private Format format() {
    for (Format known : Format.values()) {
      if (known.name().equalsIgnoreCase(format)) {
        if (known == Format.PNG && out == null) {
          throw new UserError("--format png needs a file to write to; give --out FILE");
        }
        return known;
      }
    }
    throw new UserError("--format must be csv, json or png, got '" + format + "'");
  }

  private OptionalInt epochLength() {
    if (itersPerEpoch == null) {
      return OptionalInt.empty();
    }
    if (itersPerEpoch < 1) {
      throw new UserError("--iters-per-epoch must be at least 1, got " + itersPerEpoch);
    }
    return OptionalInt.of(itersPerEpoch);
  }

  private static void write(Experiment experiment, OptionalInt epochLength, ScheduleText text) {
    experiment.previewSchedule(epochLength, text);
    text.end();
  }

  /** Writes beside the file and renames, so that the file is whole or what it was. */
  private static void toFile(
      Experiment experiment, OptionalInt epochLength, Format chosen, Path file) {
    Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try {
        if (chosen == Format.PNG) {
          ScheduleChart chart = new ScheduleChart();
          experiment.previewSchedule(epochLength, chart);
          chart.save(part);
        } else {
          try (var writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
            write(experiment, epochLength, new ScheduleText(writer, chosen));
          }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UserError(
          String.format(Locale.ROOT, "can't write %s: %s", file, e.getMessage()), e);
    }
  }
}
