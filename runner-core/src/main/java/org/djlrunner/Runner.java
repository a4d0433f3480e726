package org.djlrunner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.Stage;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.internal.Failures;
import org.djlrunner.internal.HookDispatcher;
import org.djlrunner.internal.Loop;
import org.djlrunner.internal.RunSettings;
import org.djlrunner.internal.RunState;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * Owns a training run: walks a workflow, calls the model's steps, and calls hooks at fixed stages.
 *
 * <p>{@link EpochBasedRunner} counts the workflow in epochs, {@link IterBasedRunner} in iterations.
 * {@link Hook} shows the loop with every stage in place. A runner runs once, on the thread that
 * calls {@link #run}; hooks and step are called from that thread only.
 *
 * @param <B> the batch
 */
public abstract sealed class Runner<B> permits EpochBasedRunner, IterBasedRunner {
  private final ModelStep<B> model;
  private final RunSettings settings;
  private final Hooks hooks = new Hooks();
  private final AtomicReference<@Nullable String> stopRequest = new AtomicReference<>();
  private @Nullable RunState state;

  Runner(ModelStep<B> model, RunSettings settings) {
    this.model = model;
    this.settings = settings;
  }

  /** The hooks, to look at, remove or replace before the run. */
  public final Hooks hooks() {
    return hooks;
  }

  /** Adds a hook at its own priority, {@link Priority#NORMAL} unless its class says otherwise. */
  public final void registerHook(Hook hook) {
    registerHook(hook, hook.priority());
  }

  /** Adds a hook at a priority, behind those already there with the same one. */
  public final void registerHook(Hook hook, Priority priority) {
    hooks.add(hook, priority);
  }

  /** Adds the usual hooks of a training run, each at its priority. */
  public final void registerTrainingHooks(TrainingHooks training) {
    training.registerWith(hooks);
  }

  /** The optimizers by name. */
  public final Map<String, Optimizer> optimizers() {
    return settings.optimizers();
  }

  /**
   * Asks the run to end after its current iteration, or not to begin; the first reason is kept.
   *
   * <p>May be called from any thread, also before {@link #run}.
   */
  public final void requestStop(String reason) {
    stopRequest.compareAndSet(null, reason);
  }

  /**
   * Runs the workflow to its limit.
   *
   * @param loaders one loader a flow, by position; the runner doesn't close them
   * @param workflow the round of flows to repeat
   * @return why and where the run ended
   * @throws IllegalArgumentException before anything ran, if loaders and workflow don't fit
   * @throws IllegalStateException if this runner has run before
   */
  public final RunResult run(List<? extends DataLoader<B>> loaders, Workflow workflow) {
    if (state != null) {
      throw new IllegalStateException("a runner runs once; build another for another run");
    }
    List<DataLoader<B>> flowLoaders = List.copyOf(loaders);
    LoaderCheck.check(flowLoaders, workflow);
    RunState run =
        new RunState(
            settings, hooks, workflow, maxEpochs(), maxIters(flowLoaders, workflow), stopRequest);
    state = run;
    HookDispatcher dispatcher = new HookDispatcher(hooks);
    Throwable failure = null;
    try {
      dispatcher.call(Stage.BEFORE_RUN, run);
      loop(run, dispatcher, model, flowLoaders).run();
    } catch (RuntimeException | Error e) {
      failure = e;
      run.fail(e);
      throw e;
    } finally {
      end(run, dispatcher, failure);
    }
    StopReason reason =
        Optional.ofNullable(stopRequest.get())
            .<StopReason>map(StopReason.Requested::new)
            .orElseGet(StopReason.LimitReached::new);
    return new RunResult(reason, run.progress(), run.metrics());
  }

  abstract OptionalInt maxEpochs();

  abstract OptionalInt maxIters(List<DataLoader<B>> loaders, Workflow workflow);

  abstract Loop loop(
      RunState run, HookDispatcher dispatcher, ModelStep<B> model, List<DataLoader<B>> loaders);

  /**
   * Ends a run, whatever the parts of ending throw; the first failure wins, the rest is suppressed.
   */
  private static void end(RunState run, HookDispatcher dispatcher, @Nullable Throwable failure) {
    Failures failures = new Failures(failure);
    dispatcher.callAfterRun(run, failures);
    failures.guard(run::closeBuffers);
    failures.guard(() -> run.logs().close());
    if (failure == null) {
      failures.throwFirst();
    }
  }
}
