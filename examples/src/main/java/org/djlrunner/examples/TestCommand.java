package org.djlrunner.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.djlrunner.config.Config;
import org.djlrunner.djl.experiment.Experiment;
import org.djlrunner.djl.experiment.TestedCheckpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runner test CONFIG CHECKPOINT}: evaluates a checkpoint. */
@Command(
    name = "test",
    description = {
      "Evaluates a checkpoint and trains nothing.",
      "The data is the config's data.test, or data.val if there is none; the metrics are those of the"
          + " config's evaluation."
    })
final class TestCommand implements Callable<Integer> {
  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Parameters(
      index = "1",
      paramLabel = "CHECKPOINT",
      description = "A checkpoint's file, or a run's folder for its latest.")
  private Path checkpoint = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "NAME",
      description = "The data set to evaluate on, data.NAME of the config.")
  private @Nullable String data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "A JSON file for the results, each class's values and the confusion matrix.")
  private @Nullable Path out;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu|gpu:N",
      description = "What to evaluate on; default: the config's, else auto.")
  private @Nullable String device;

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  TestCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Config config = arguments.load();
    if (device != null) {
      config = config.with("device", device);
    }
    TestedCheckpoint tested = evaluate(Experiment.read(config));
    PrintWriter text = spec.commandLine().getOut();
    text.printf(
        Locale.ROOT,
        "%s on %,d images (data.%s)%n",
        tested.checkpoint(),
        tested.samples(),
        tested.data());
    tested.evaluation().table().forEach(text::println);
    tested
        .evaluation()
        .results()
        .forEach((name, value) -> text.printf(Locale.ROOT, "%s: %.4f%n", name, value));
    if (out != null) {
      write(tested, out);
      text.println("Written to " + out);
    }
    return 0;
  }

  private TestedCheckpoint evaluate(Experiment experiment) {
    try {
      return experiment.test(checkpoint, Optional.ofNullable(data));
    } catch (IOException e) {
      throw new UserError("cannot evaluate " + checkpoint + ": " + reason(e), e);
    }
  }

  private static void write(TestedCheckpoint tested, Path file) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("checkpoint", tested.checkpoint().toString());
    content.put("data", tested.data());
    content.put("samples", tested.samples());
    content.put("results", tested.evaluation().results());
    content.putAll(tested.evaluation().details());
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      JsonMapper.builder().build().writeValue(temporary.toFile(), content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError("cannot write " + file + ": " + reason(e) + "; choose another --out", e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }
}
