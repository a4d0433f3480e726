package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.djlrunner.Flow;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * What a run will be: limits, workflow, parameter groups, and the hooks of each stage in calling
 * order.
 *
 * @param lines for people
 */
public record RunPlan(List<String> lines) {
  /** Keeps its own copy. */
  public RunPlan {
    lines = List.copyOf(lines);
  }

  static <B> RunPlan of(
      Runner<B> runner,
      Workflow workflow,
      List<DataLoader<B>> loaders,
      Optional<String> ofOptimizers) {
    List<String> lines = new ArrayList<>();
    lines.add(limits(runner, workflow, loaders));
    lines.add("Workflow, repeated until then:");
    for (int f = 0; f < loaders.size(); f++) {
      Flow flow = workflow.flows().get(f);
      lines.add("  " + flow + " on " + batches(loaders.get(f)));
    }
    runner.optimizers().forEach((name, optimizer) -> groups(name, optimizer, lines));
    ofOptimizers.ifPresent(lines::add);
    lines.add("Hooks of each stage in calling order:");
    runner.hooks().describe().lines().map(String::stripTrailing).forEach(lines::add);
    return new RunPlan(lines);
  }

  private static <B> String limits(
      Runner<B> runner, Workflow workflow, List<DataLoader<B>> loaders) {
    OptionalInt epochs = runner.plannedEpochs();
    OptionalInt iters = runner.plannedIters(loaders, workflow);
    StringJoiner limits = new StringJoiner(", ");
    limits.add(runner.getClass().getSimpleName());
    epochs.ifPresent(n -> limits.add(count(n, "epoch")));
    limits.add(
        iters.isPresent()
            ? count(iters.getAsInt(), "training iteration") + " in all"
            : "training iterations not known before the run");
    runner.maxDuration().ifPresent(d -> limits.add("at most " + d.toSeconds() + " s"));
    return limits.toString();
  }

  private static String batches(DataLoader<?> loader) {
    return loader.length().isPresent()
        ? count(loader.length().getAsInt(), "batch").replace("batchs", "batches") + " a pass"
        : "passes of unknown length";
  }

  private static void groups(String name, Optimizer optimizer, List<String> lines) {
    lines.add(
        "Parameter groups of "
            + optimizer.getClass().getSimpleName()
            + (name.equals("default") ? ":" : " '" + name + "':"));
    for (ParamGroup group : optimizer.paramGroups()) {
      StringJoiner options = new StringJoiner(", ");
      for (Map.Entry<String, Double> option : group.options().entrySet()) {
        options.add(option.getKey() + " " + option.getValue());
      }
      lines.add("  " + group.name() + ": " + options);
    }
  }

  private static String count(int n, String unit) {
    return String.format(Locale.ROOT, n == 1 ? "%,d %s" : "%,d %ss", n, unit);
  }
}
