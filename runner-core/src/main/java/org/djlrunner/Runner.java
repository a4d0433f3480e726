package org.djlrunner;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.djlrunner.checkpoint.ResumePoint;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.Stage;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.internal.Failures;
import org.djlrunner.internal.HookDispatcher;
import org.djlrunner.internal.Resumption;
import org.djlrunner.internal.RunState;
import org.djlrunner.internal.RunWalk;
import org.djlrunner.internal.StopSign;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.jspecify.annotations.Nullable;

/**
 * Owns a training run: walks a workflow, calls the model's steps, and calls hooks at fixed stages.
 *
 * <p>{@link EpochBasedRunner} counts the workflow in epochs, {@link IterBasedRunner} in iterations;
 * a subclass of your own decides by itself what comes next, in {@link #walk}. {@link Hook} shows
 * the loop with every stage in place. A runner runs once, on the thread that calls {@link #run};
 * hooks and step are called from that thread only.
 *
 * @param <B> the batch
 */
public abstract class Runner<B> {
  private final ModelStep<B> model;
  private final RunSettings settings;
  private final Hooks hooks = new Hooks();
  private final StopSign stop;
  private ResumePoint start;
  private boolean ran;

  /** Called by a builder; see {@link RunnerBuilder#of}. */
  protected Runner(ModelStep<B> model, RunSettings settings) {
    this.model = model;
    this.settings = settings;
    this.start = settings.start();
    this.stop = new StopSign(settings.maxDuration().orElse(null), settings.ticker());
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
    stop.request(reason);
  }

  /**
   * The present learning rate of every parameter group, by optimizer; one alone is called {@code
   * default}.
   *
   * @throws IllegalStateException if there is no optimizer
   */
  public final Map<String, List<Double>> currentLr() {
    return ofGroups(ParamGroup::lr);
  }

  /**
   * The present momentum of every parameter group, by optimizer: {@code momentum}, else Adam's
   * first beta, else 0.
   *
   * @throws IllegalStateException if there is no optimizer
   */
  public final Map<String, List<Double>> currentMomentum() {
    return ofGroups(ParamGroup::currentMomentum);
  }

  /**
   * Runs the workflow to its limit.
   *
   * <p>An interrupt of the calling thread ends it like a stop request; the thread is interrupted
   * again when this returns.
   *
   * @param loaders one loader a flow, by position; the runner doesn't close them
   * @param workflow the round of flows to repeat
   * @return why and where the run ended
   * @throws IllegalArgumentException before anything ran, if loaders and workflow don't fit, or the
   *     workflow names a mode that the model has no step for
   * @throws IllegalStateException if this runner has run before
   */
  public final RunResult run(List<? extends DataLoader<B>> loaders, Workflow workflow) {
    if (ran) {
      throw new IllegalStateException("a runner runs once; build another for another run");
    }
    List<DataLoader<B>> flowLoaders = List.copyOf(loaders);
    WorkflowCheck.check(flowLoaders, workflow, model.modes());
    ran = true;
    Resumption resumption = Resumption.of(settings, hooks, workflow, this::walksFrom);
    start = resumption.point();
    RunState run =
        new RunState(
            settings,
            hooks,
            workflow,
            maxEpochs(),
            maxIters(flowLoaders, workflow),
            epochLength(flowLoaders, workflow),
            resumption,
            stop);
    HookDispatcher dispatcher = new HookDispatcher(hooks);
    Throwable failure = null;
    stop.begin();
    try {
      dispatcher.call(Stage.BEFORE_RUN, run);
      resumption.notes().forEach(run.logs()::note);
      walk(new RunWalk<>(run, dispatcher, model, flowLoaders));
    } catch (RuntimeException | Error e) {
      failure = e;
      run.fail(e);
      throw e;
    } finally {
      stop.holdInterrupt();
      try {
        end(run, dispatcher, failure);
      } finally {
        stop.restoreInterrupt();
      }
    }
    return new RunResult(stop.reason(), run.progress(), run.metrics());
  }

  /** Epochs after which the run ends; unless overridden it isn't limited by epochs. */
  protected OptionalInt maxEpochs() {
    return OptionalInt.empty();
  }

  /**
   * Training iterations after which the run will end, if that is known before it begins; unless
   * overridden it isn't.
   */
  protected OptionalInt maxIters(List<DataLoader<B>> loaders, Workflow workflow) {
    return OptionalInt.empty();
  }

  /** Epochs after which a run would end, if it is limited by epochs. */
  public final OptionalInt plannedEpochs() {
    return maxEpochs();
  }

  /**
   * The training iterations that will have been done at the end of a run, if that is known before.
   *
   * @throws IllegalArgumentException if loaders and workflow don't fit
   */
  public final OptionalInt plannedIters(List<? extends DataLoader<B>> loaders, Workflow workflow) {
    List<DataLoader<B>> flowLoaders = List.copyOf(loaders);
    WorkflowCheck.check(flowLoaders, workflow, model.modes());
    return maxIters(flowLoaders, workflow);
  }

  /** How long a run may take, if that is limited. */
  public final Optional<Duration> maxDuration() {
    return settings.maxDuration();
  }

  /**
   * Whether a place in the same workflow that a checkpoint holds means something to this runner;
   * else its round begins anew. By default it does.
   */
  protected boolean walksFrom(WorkflowPosition position) {
    return true;
  }

  /** Where the run begins. */
  protected final ResumePoint start() {
    return start;
  }

  private static <B> OptionalInt epochLength(List<DataLoader<B>> loaders, Workflow workflow) {
    for (int f = 0; f < loaders.size(); f++) {
      Flow flow = workflow.flows().get(f);
      if (flow.mode().equals(Mode.TRAIN) && flow.count() > 0) {
        return loaders.get(f).length();
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Walks from the start of the run to its end; failures of hooks and steps come out as thrown.
   *
   * @param walk the steps to take
   */
  protected abstract void walk(Walk<B> walk);

  private Map<String, List<Double>> ofGroups(ToDoubleFunction<ParamGroup> value) {
    if (optimizers().isEmpty()) {
      throw new IllegalStateException(
          "there is no learning rate or momentum without an optimizer; give the builder one");
    }
    Map<String, List<Double>> values = new LinkedHashMap<>();
    optimizers()
        .forEach(
            (name, optimizer) ->
                values.put(
                    name, optimizer.paramGroups().stream().mapToDouble(value).boxed().toList()));
    return values;
  }

  /**
   * Ends a run, whatever the parts of ending throw; the first failure wins, the rest is suppressed.
   */
  private static void end(RunState run, HookDispatcher dispatcher, @Nullable Throwable failure) {
    Failures failures = new Failures(failure);
    dispatcher.callAfterRun(run, failures);
    failures.guard(run::reachBoundary);
    failures.guard(run::closeBuffers);
    failures.guard(() -> run.logs().close());
    if (failure == null) {
      failures.throwFirst();
    }
  }
}
