package org.djlrunner.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.djlrunner.djl.data.BatchPreview;
import org.djlrunner.djl.data.ContactSheet;
import org.djlrunner.djl.experiment.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code runner show-batch CONFIG --out batch.png}: draws what the network would see first. */
@Command(
    name = "show-batch",
    description = {
      "Draws the first training batch, as the pipeline makes it, to a PNG.",
      "Images stand side by side, each with its class below. Trains nothing."
    })
final class ShowBatchCommand implements Callable<Integer> {
  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      defaultValue = "batch.png",
      description = "Where to write it; default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("batch.png");

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  ShowBatchCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    BatchPreview batch = Experiment.read(arguments.load()).previewBatch();
    try {
      new ContactSheet(batch).write(out);
    } catch (IOException e) {
      throw new UserError("the batch can't be written to " + out + ": " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .println(batch.images().size() + " images " + batch.shape() + " drawn to " + out);
    return 0;
  }
}
