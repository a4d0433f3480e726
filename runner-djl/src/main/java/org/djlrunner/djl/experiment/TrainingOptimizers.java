package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.BlockModules;
import org.djlrunner.djl.optim.ModuleDescription;
import org.djlrunner.spi.Optimizer;

/** A run's optimizers by name, over the parameters of one model; owns and closes them. */
final class TrainingOptimizers implements AutoCloseable {
  private final Map<String, Optimizer> byName = new LinkedHashMap<>();
  private final List<String> idle;

  private TrainingOptimizers(List<String> idle) {
    this.idle = idle;
  }

  /**
   * Builds them; none stays open if that fails.
   *
   * @throws org.djlrunner.config.ConfigException if the network lacks what a config names, or two
   *     would update one parameter
   */
  static TrainingOptimizers create(OptimizerSection section, DjlModelStep<?> model) {
    boolean all = section.optimizers().values().stream().allMatch(e -> e.part().isEmpty());
    List<ModuleDescription> modules = all ? List.of() : BlockModules.of(model.block());
    OptimizerParts.check(section, modules);
    TrainingOptimizers created = new TrainingOptimizers(idle(section, modules));
    try {
      section
          .optimizers()
          .forEach(
              (name, entry) ->
                  created.byName.put(
                      name,
                      Training.atPath(
                          entry.path(),
                          () ->
                              entry
                                  .part()
                                  .map(part -> entry.spec().create(model, part))
                                  .orElseGet(() -> entry.spec().create(model)))));
      return created;
    } catch (RuntimeException e) {
      created.close();
      throw e;
    }
  }

  /** The optimizers, in the order of the config. */
  Map<String, Optimizer> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** What is to be said of parameters that no optimizer updates. */
  Optional<String> remark() {
    return idle.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "No optimizer updates "
                + OptimizerParts.some(idle)
                + (idle.size() == 1 ? ": it stays as it is" : ": they stay as they are"));
  }

  /** Closes all, each also when another fails. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (Optimizer optimizer : byName.values()) {
      try {
        optimizer.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Trainable parameters that are in no part. */
  private static List<String> idle(OptimizerSection section, List<ModuleDescription> modules) {
    Set<Object> owned = Collections.newSetFromMap(new IdentityHashMap<>());
    for (OptimizerSection.Entry entry : section.optimizers().values()) {
      entry.part().ifPresent(part -> owned.addAll(part.parameters(modules).values()));
    }
    List<String> idle = new ArrayList<>();
    for (ModuleDescription module : modules) {
      for (ModuleDescription.Member member : module.parameters()) {
        if (member.trainable() && owned.add(member.identity())) {
          idle.add(module.fullName(member));
        }
      }
    }
    return idle;
  }
}
