package org.djlrunner.benchmarks;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlBatch;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.Fixed;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/** Our training, with the runner around it or without. */
final class OurContestant implements Contestant {
  private final DjlModelStep<DjlBatch> model;
  private final Sgd sgd;
  private final SyntheticData data;
  private final Fence fence;
  private final boolean runner;
  private final SilentLog log = new SilentLog();
  private int iteration;
  private double last = Double.NaN;

  OurContestant(Setting setting, boolean runner) {
    this.runner = runner;
    model = step(setting);
    try {
      data = new SyntheticData(setting.model(), setting.batch(), false, model.manager());
      fence = new Fence(model.manager());
      SgdOptions options =
          SgdOptions.lr(Throughput.LR)
              .withMomentum(Recipe.MOMENTUM)
              .withWeightDecay(Recipe.WEIGHT_DECAY);
      sgd = new Sgd(model.arena(), options, model.scalars());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The one place that knows how precision and compilation are asked for. */
  private static DjlModelStep<DjlBatch> step(Setting setting) {
    Precision precision = Precision.valueOf(setting.precision().toUpperCase(Locale.ROOT));
    Compile compile = Compile.valueOf(setting.compile().toUpperCase(Locale.ROOT));
    return new DjlModelStep<>(
        setting.model().network(),
        CrossEntropyLoss.hard(),
        setting.device(),
        0,
        setting.model().input(1),
        new StepOptions(precision, compile));
  }

  @Override
  public void train(long[] nanos) {
    if (runner) {
      byRunner(nanos);
      return;
    }
    try (Scope mode = model.enter(Mode.TRAIN)) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        byStep();
        nanos[i] = System.nanoTime() - start;
      }
    }
  }

  private void byStep() {
    NDManager manager = model.manager().newSubManager();
    try (DjlBatch batch = data.next(manager);
        StepOutput output = model.trainStep(batch, new StepContext(Progress.START, Map.of()))) {
      sgd.zeroGrad();
      output.loss().orElseThrow().backward();
      sgd.step();
      Scalar value = output.logVars().get("loss");
      if (value != null && (++iteration % Recipe.LOG_INTERVAL == 0 || iteration <= 3)) {
        last = value.read();
      } else if (value != null) {
        value.release();
      }
    }
  }

  private void byRunner(long[] nanos) {
    EpochBasedRunner<DjlBatch> runs = DjlRunners.epochBased(model, sgd, 1).build();
    runs.registerHook(new LrUpdaterHook(new LrSchedule(new Fixed(), Every.Unit.ITER)));
    runs.registerHook(new OptimizerHook());
    runs.registerHook(new IterTimerHook());
    int interval = Math.min(Recipe.LOG_INTERVAL, nanos.length);
    runs.registerHook(new LoggerHook(interval, Every.Unit.EPOCH, true, context -> log));
    runs.run(List.of(new Cycle(nanos)), Workflow.training());
    last = log.last("loss");
  }

  @Override
  public void await() {
    fence.await();
  }

  @Override
  public double loss() {
    return last;
  }

  @Override
  public void close() {
    sgd.close();
    model.close();
  }

  /** A pass of as many batches as times are wanted; an iteration lasts until the next begins. */
  private final class Cycle implements DataLoader<DjlBatch> {
    private final long[] nanos;

    Cycle(long[] nanos) {
      this.nanos = nanos;
    }

    @Override
    public OptionalInt length() {
      return OptionalInt.of(nanos.length);
    }

    @Override
    public DataPass<DjlBatch> open(int pass, int firstBatch) {
      return new DataPass<>() {
        private int next;
        private long start;

        @Override
        public boolean hasNext() {
          return next < nanos.length;
        }

        @Override
        public DjlBatch next() {
          stamp();
          next++;
          return data.next(model.manager().newSubManager());
        }

        @Override
        public void close() {
          stamp();
        }

        private void stamp() {
          long now = System.nanoTime();
          if (next > 0) {
            nanos[next - 1] = now - start;
          }
          start = now;
        }
      };
    }
  }
}
