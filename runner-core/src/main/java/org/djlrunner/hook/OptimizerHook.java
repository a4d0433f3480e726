package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Progress;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Loss;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Stateful;
import org.djlrunner.spi.StepOutput;
import org.jspecify.annotations.Nullable;

/**
 * Updates the model after each training step: zero the gradients, backward, clip, step.
 *
 * <p>With clipping by norm, the norm before clipping is logged as {@code grad_norm}, or {@code
 * grad_norm/NAME} where a run has several optimizers. All optimizers step together or not at all.
 *
 * <p>Several iterations may share one update, whose gradient is then the mean over all their
 * samples. Such a window also ends with the pass and with the run's last iteration; what is left
 * then is an update of its own. At a stop request it stays open: a checkpoint holds its gradients,
 * and a run that resumes goes on with it.
 *
 * <p>With a scaled loss, an update whose gradients are not finite is left out, which {@link
 * HookContext#stepSkipped} tells. Knowing that takes one read of the device for each update and
 * optimizer. The scaler's state is in the run's meta data as {@code fp16.loss_scaler}; a factor
 * that adapts is logged as {@code loss_scale}.
 *
 * <p>If asked to, it names the parameters that take no part in the loss: once, and when they
 * change.
 *
 * <p>What happens about losses and gradients that are not finite is a {@link NonFinite} policy.
 */
public final class OptimizerHook implements Hook, Stateful {
  private static final String FP16 = "fp16";
  private static final String SCALER = "loss_scaler";

  private final UpdateSettings settings;
  private final UpdateWindow window;
  private final @Nullable LossScaler scaler;
  private final NonFiniteWatch watch;
  private final IdleParameters idle = new IdleParameters();
  private boolean resumed;
  private List<Optimizer> optimizers = List.of();
  private List<String> normNames = List.of();

  /** A hook that only goes backward and steps. */
  public OptimizerHook() {
    this(UpdateSettings.PLAIN);
  }

  /** A hook that clips if {@code clip} is not null. */
  public OptimizerHook(@Nullable Clipping clip) {
    this(UpdateSettings.PLAIN.clip(clip));
  }

  /** A hook that does what the settings say. */
  public OptimizerHook(UpdateSettings settings) {
    this.settings = settings;
    this.window = new UpdateWindow(settings.cumulativeIters());
    this.scaler = settings.scaling().map(LossScaler::new).orElse(null);
    this.watch = new NonFiniteWatch(settings.nonFinite());
  }

  /** What this hook was made with. */
  public UpdateSettings settings() {
    return settings;
  }

  @Override
  public void beforeRun(HookContext context) {
    if (context.optimizers().isEmpty()) {
      throw new IllegalStateException(
          "OptimizerHook has nothing to update: give the runner an optimizer");
    }
    optimizers = List.copyOf(context.optimizers().values());
    normNames =
        context.optimizers().keySet().stream()
            .map(name -> optimizers.size() == 1 ? "grad_norm" : "grad_norm/" + name)
            .toList();
    if (scaler != null
        && context.meta().get(FP16) instanceof Map<?, ?> fp16
        && fp16.get(SCALER) instanceof Map<?, ?> state) {
      scaler.load(state);
    }
    if (!resumed) {
      window.clear();
      watch.goOn(0);
    } else if (optimizers.stream().noneMatch(Optimizer::mayKeepGrad)) {
      // The optimizers begin anew, or the file was saved without them.
      window.clear();
    }
    resumed = false;
    watch.beforeRun(context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    watch.note(context);
    window.add(context.output(), scaler == null ? 1 : scaler.scale(), optimizers);
    if (settings.detectAnomalousParams()) {
      idle.look(context);
    }
    Progress progress = context.progress();
    if (window.isFull() || progress.endOfEpoch() || progress.isLastIter()) {
      update(context);
    } else {
      optimizers.forEach(Optimizer::keepGrad);
    }
    look(context, progress.endOfEpoch() || progress.isLastIter());
    context.markLearned();
  }

  /** Ends a window that no iteration could end: that of a pass of unknown length. */
  @Override
  public void afterTrainEpoch(HookContext context) {
    if (!window.isEmpty() && context.progress().passComplete()) {
      update(context);
    }
    look(context, true);
  }

  @Override
  public void afterRun(HookContext context) {
    watch.close();
  }

  /** The window at hand, and how often in a row the model was put back or updates left out. */
  @Override
  public Map<String, Object> state() {
    return Map.of("window", window.state(), "nonfinite_in_row", watch.inRow());
  }

  @Override
  public void restore(Map<String, Object> state) {
    if (!(state.get("window") instanceof Map<?, ?> kept)
        || !(state.get("nonfinite_in_row") instanceof Number inRow)) {
      throw new IllegalArgumentException("it needs a window and nonfinite_in_row, got " + state);
    }
    window.restore(kept);
    watch.goOn(inRow.intValue());
    resumed = true;
  }

  @Override
  public Priority priority() {
    return Priority.ABOVE_NORMAL;
  }

  static Loss loss(StepOutput output) {
    Loss loss = output.lossOrNull();
    if (loss == null) {
      throw new IllegalStateException(
          "the training step returned no loss to differentiate; return one, or leave out"
              + " OptimizerHook if the step updates the model by itself");
    }
    return loss;
  }

  private void update(HookContext context) {
    int samples = window.samples();
    boolean finite = scaleGradients();
    window.clear();
    if (finite) {
      step(context, samples);
    } else {
      context.markStepSkipped();
    }
    if (scaler != null) {
      scaler.update(finite);
      scaler.warning().ifPresent(warning -> context.logs().note("WARNING: " + warning));
      remember(scaler, context, samples);
    }
    watch.updated(finite, context);
  }

  private void look(HookContext context, boolean now) {
    if (watch.look(context, now)) {
      window.clear();
    }
  }

  /** Makes the gradients the mean over the window; whether they are finite, if that matters. */
  private boolean scaleGradients() {
    double factor = window.meanFactor() / (scaler == null ? 1 : scaler.scale());
    boolean finite = true;
    boolean check = scaler != null || watch.checksGradients();
    if (factor != 1 || check) {
      for (Optimizer optimizer : optimizers) {
        Scalar flag = optimizer.scaleGrad(factor);
        if (check) {
          finite &= flag.read() != 0;
        } else {
          flag.release();
        }
      }
    }
    return finite;
  }

  private void step(HookContext context, int samples) {
    for (int i = 0; i < optimizers.size(); i++) {
      Optimizer optimizer = optimizers.get(i);
      Clipping clip = settings.clipOrNull();
      if (clip != null) {
        String name = normNames.get(i);
        clip.apply(optimizer)
            .ifPresent(norm -> context.logBuffer().update(Map.of(name, norm), samples));
      }
      optimizer.step();
    }
  }

  private static void remember(LossScaler scaler, HookContext context, int samples) {
    Map<String, Object> fp16 = new LinkedHashMap<>();
    if (context.meta().get(FP16) instanceof Map<?, ?> present) {
      present.forEach((key, value) -> fp16.put(String.valueOf(key), value));
    }
    fp16.put(SCALER, scaler.state());
    context.meta().put(FP16, fp16);
    if (scaler.isDynamic()) {
      context.logBuffer().update(Map.of("loss_scale", Scalar.of(scaler.scale())), samples);
    }
  }
}
