package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import ai.djl.util.Pair;
import org.djlrunner.djl.DjlBatch;

/** DJL's own training, by its trainer or by hand. */
final class DjlContestant implements Contestant {
  private final Model model;
  private final Trainer trainer;
  private final Optimizer sgd;
  private final KeptLoss loss;
  private final SyntheticData data;
  private final Fence fence;
  private final boolean easy;
  private int iteration;
  private double last = Double.NaN;

  DjlContestant(Setting setting, boolean easy) {
    if (!setting.precision().equals("fp32")) {
      throw new IllegalArgumentException("DJL trains in fp32 only, got " + setting.precision());
    }
    this.easy = easy;
    model = Model.newInstance("peer", setting.device(), "PyTorch");
    try {
      model.setBlock(setting.model().network());
      NDManager manager = model.getNDManager();
      loss = new KeptLoss(manager);
      sgd =
          Optimizer.sgd()
              .setLearningRateTracker(Tracker.fixed((float) Throughput.LR))
              .optMomentum((float) Recipe.MOMENTUM)
              .optWeightDecays((float) Recipe.WEIGHT_DECAY)
              .build();
      trainer =
          model.newTrainer(
              new DefaultTrainingConfig(loss)
                  .optDevices(new Device[] {setting.device()})
                  .optOptimizer(sgd));
      JniUtils.setSeed(0);
      trainer.initialize(setting.model().input(1));
      data = new SyntheticData(setting.model(), setting.batch(), true, manager);
      fence = new Fence(manager);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public void train(long[] nanos) throws Exception {
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      try (NDManager step = model.getNDManager().newSubManager();
          DjlBatch batch = data.next(step)) {
        if (easy) {
          byTrainer(batch);
        } else {
          byHand(batch);
        }
        if (++iteration % Recipe.LOG_INTERVAL == 0 || iteration <= 3) {
          last = loss.meanOfKept();
        }
      }
      nanos[i] = System.nanoTime() - start;
    }
  }

  private void byTrainer(DjlBatch batch) {
    Batch asked =
        new Batch(
            batch.manager(),
            batch.inputs(),
            batch.labels(),
            batch.size(),
            Batchifier.STACK,
            Batchifier.STACK,
            0,
            0);
    EasyTrain.trainBatch(trainer, asked);
    trainer.step();
  }

  private void byHand(DjlBatch batch) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      ParameterStore store = new ParameterStore(batch.manager(), false);
      NDList logits = model.getBlock().forward(store, batch.inputs(), true);
      collector.backward(loss.evaluate(batch.labels(), logits));
    }
    for (Pair<String, Parameter> entry : model.getBlock().getParameters()) {
      NDArray weight = entry.getValue().getArray();
      if (weight.hasGradient()) {
        try (NDArray gradient = weight.getGradient()) {
          sgd.update(entry.getKey(), weight, gradient);
        }
      }
    }
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
    trainer.close();
    model.close();
  }
}
