package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import org.djlrunner.djl.vision.LeNet5;

/**
 * DJL's training: the loop of {@link EasyTrain#fit} with DJL's trainer, parameter server and
 * optimizer.
 *
 * <p>It has no listeners, so DJL evaluates no metrics; the loss is logged as ours is.
 */
final class EasyTrainPass implements TrainingPass {
  private final RandomAccessDataset images;
  private final Model model;
  private final Trainer trainer;
  private final KeptLoss loss;

  /**
   * A training from fresh weights.
   *
   * @param images shuffled batches of {@link Recipe#BATCH_SIZE}, stays open
   */
  EasyTrainPass(RandomAccessDataset images, int classes) {
    this.images = images;
    model = Model.newInstance("lenet5", Device.cpu(), "PyTorch");
    LeNet5 network = new LeNet5(classes);
    model.setBlock(network);
    loss = new KeptLoss(model.getNDManager());
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(optimizer()));
    trainer.initialize(new Shape(network.inputShape().getShape()));
  }

  @Override
  public double train() throws IOException, TranslateException {
    double logged = Double.NaN;
    int iteration = 0;
    for (Batch batch : trainer.iterateDataset(images)) {
      EasyTrain.trainBatch(trainer, batch);
      trainer.step();
      batch.close();
      if (++iteration % Recipe.LOG_INTERVAL == 0) {
        logged = loss.meanOfKept();
      }
    }
    if (iteration != Recipe.BATCHES) {
      throw new IllegalStateException("DJL trained " + iteration + " batches");
    }
    return logged;
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }

  private static Optimizer optimizer() {
    return Optimizer.sgd()
        .setLearningRateTracker(
            Tracker.multiFactor()
                .setBaseValue((float) Recipe.LR)
                .setSteps(new int[] {Recipe.FIRST_LR_STEP, Recipe.SECOND_LR_STEP})
                .optFactor(0.1f)
                .build())
        .optMomentum((float) Recipe.MOMENTUM)
        .optWeightDecays((float) Recipe.WEIGHT_DECAY)
        .build();
  }
}
