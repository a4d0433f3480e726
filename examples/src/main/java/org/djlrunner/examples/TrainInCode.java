package org.djlrunner.examples;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;

/** Trains LeNet-5 for two epochs and validates after each, with a hook of its own. */
public final class TrainInCode {
  private TrainInCode() {}

  /** Runs it; files go to the folder given, or to {@code work_dirs/in_code}. */
  public static void main(String[] args) {
    train(Path.of(args.length > 0 ? args[0] : "work_dirs/in_code"));
  }

  static RunResult train(Path workDir) {
    LeNet5 network = new LeNet5(10);
    Normalization pixels = Normalization.symmetric(1);
    try (DjlModelStep<ImageBatch> model =
            new DjlModelStep<>(
                network, CrossEntropyLoss.hard(), Device.cpu(), 0, network.inputShape());
        ImageLoader train =
            new ImageLoader(
                new Glyphs(4_000, 1), LoaderOptions.training(64, 0), pixels, model.manager());
        ImageLoader val =
            new ImageLoader(
                new Glyphs(1_000, 2), LoaderOptions.evaluation(250), pixels, model.manager());
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.05).withMomentum(0.9), model.scalars())) {

      EpochBasedRunner<ImageBatch> runner =
          DjlRunners.epochBased(model, sgd, 2).workDir(workDir).build();
      runner.registerTrainingHooks(
          new TrainingHooks()
              .add(new LrUpdaterHook(new LrSchedule(Step.at(1), Every.Unit.EPOCH)))
              .add(new OptimizerHook())
              .add(new IterTimerHook())
              .add(new CheckpointHook(Every.epochs(1)))
              .add(LoggerHook.text(20, Every.Unit.EPOCH)));
      runner.registerHook(new BatchCounter(), Priority.LOW);

      return runner.run(List.of(train, val), Workflow.of(Flow.train(1), Flow.val(1)));
    }
  }

  /** A hook of one's own: override the stages it cares about. */
  private static final class BatchCounter implements Hook {
    private int batches;

    @Override
    public void afterTrainIter(HookContext context) {
      batches++;
    }

    @Override
    public void afterRun(HookContext context) {
      context.logs().note("Trained on " + batches + " batches");
    }
  }
}
