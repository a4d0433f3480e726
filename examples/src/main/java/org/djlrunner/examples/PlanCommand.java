package org.djlrunner.examples;

import java.util.concurrent.Callable;
import org.djlrunner.djl.experiment.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code runner plan CONFIG}: says what a config's run would be, without running it. */
@Command(
    name = "plan",
    description = {
      "Says what a config's run would be, without data.",
      "It lists limits, workflow, parameter groups, and the hooks of each stage in calling order."
          + " Trains nothing and writes nothing. Of data in files it looks at sizes and names at most."
    })
final class PlanCommand implements Callable<Integer> {
  @Mixin private ConfigArguments arguments = new ConfigArguments();

  @Spec private CommandSpec spec;

  /** Only picocli makes one. */
  PlanCommand() {
    spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Experiment.read(arguments.load()).plan().lines().forEach(spec.commandLine().getOut()::println);
    return 0;
  }
}
