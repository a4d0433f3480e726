package org.djlrunner.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.djlrunner.examples.report.Report;
import org.djlrunner.examples.report.ReportException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runner report WORK_DIR...}: what runs left behind, as one page. */
@Command(
    name = "report",
    description = {
      "Shows what runs left in their work folders as one HTML page.",
      "It has curves, best values, classes, config and environment. Several runs share the charts."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n")
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "WORK_DIR",
      description = "Work folders of runs, such as work_dirs/quickstart.")
  private List<Path> workDirs = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "Where the page goes; default: report.html in the first work folder.")
  private @Nullable Path out;

  @Option(
      names = "--png",
      paramLabel = "DIR",
      description = "A folder for the charts as PNG files, too.")
  private @Nullable Path png;

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  ReportCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Report report;
    try {
      report = Report.of(workDirs);
    } catch (ReportException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
    PrintWriter text = spec.commandLine().getOut();
    Path page = out != null ? out : workDirs.get(0).resolve("report.html");
    write(report.html(), page);
    text.println("Written to " + page);
    if (png != null) {
      try {
        text.println("Written to " + png + ": " + report.writeImages(png).size() + " PNG files");
      } catch (IOException e) {
        throw new UserError("cannot write to " + png + ": " + e + "; choose another --png", e);
      }
    }
    report.notes().forEach(text::println);
    return 0;
  }

  private static void write(String html, Path file) {
    Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      try {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        Files.writeString(part, html);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UserError("cannot write " + file + ": " + e + "; choose another --out", e);
    }
  }
}
