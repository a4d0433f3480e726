package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.training.loss.Loss;
import java.util.List;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageLoader;
import org.djlrunner.djl.data.LoaderOptions;
import org.djlrunner.djl.data.Normalization;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.schedule.LrPolicy;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;

/** Our training: an epoch-based runner with the usual hooks and a log that prints nothing. */
final class RunnerPass implements TrainingPass {
  private final DjlModelStep<ImageBatch> model;
  private final ImageLoader loader;
  private final Sgd sgd;
  private final EpochBasedRunner<ImageBatch> runner;
  private final SilentLog log = new SilentLog();

  RunnerPass(ImageDataset images) {
    LeNet5 network = new LeNet5(images.classes().size());
    model =
        new DjlModelStep<>(
            network, Loss.softmaxCrossEntropyLoss(), Device.cpu(), 0, network.inputShape());
    loader =
        new ImageLoader(
            images,
            LoaderOptions.training(Recipe.BATCH_SIZE, 0),
            new Normalization(List.of(Recipe.PIXEL_CENTRE), List.of(Recipe.PIXEL_CENTRE)),
            model.manager());
    SgdOptions options =
        SgdOptions.lr(Recipe.LR).withMomentum(Recipe.MOMENTUM).withWeightDecay(Recipe.WEIGHT_DECAY);
    sgd = new Sgd(model.arena(), options, model.scalars());
    runner = DjlRunners.epochBased(model, sgd, 1).build();
    LrPolicy policy = Step.at(Recipe.FIRST_LR_STEP, Recipe.SECOND_LR_STEP);
    runner.registerTrainingHooks(
        new TrainingHooks()
            .add(new LrUpdaterHook(new LrSchedule(policy, Every.Unit.ITER)))
            .add(new OptimizerHook())
            .add(new IterTimerHook())
            .add(new LoggerHook(Recipe.LOG_INTERVAL, Every.Unit.EPOCH, true, context -> log)));
  }

  @Override
  public double train() {
    runner.run(List.of(loader), Workflow.training());
    return log.last("loss");
  }

  @Override
  public void close() {
    sgd.close();
    loader.close();
    model.close();
  }
}
