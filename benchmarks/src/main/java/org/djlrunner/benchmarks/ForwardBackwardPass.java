package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.vision.LeNet5;

/**
 * No training, but its bound: forward, loss and backward of one batch that is there already, with
 * no loading, no update, no schedule, no log and no hook.
 */
final class ForwardBackwardPass implements TrainingPass {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Loss loss = Loss.softmaxCrossEntropyLoss();
  private final LeNet5 network;
  private final NDList inputs;
  private final NDList labels;

  ForwardBackwardPass(ImageDataset images) {
    network = new LeNet5(images.classes().size());
    network.initialize(manager, DataType.FLOAT32, new Shape(network.inputShape().getShape()));
    try (NDManager scratch = manager.newSubManager()) {
      ArrayDataset all = DjlImages.preloaded(images, scratch);
      Batch batch = all.getByRange(scratch, 0, Recipe.BATCH_SIZE);
      // Copies, because rows of an array look into its memory, which goes with it.
      inputs = new NDList(batch.getData().head().duplicate());
      labels = new NDList(batch.getLabels().head().duplicate());
      inputs.attach(manager);
      labels.attach(manager);
    }
  }

  @Override
  public double train() {
    double last = 0;
    JniUtils.setGradMode(true);
    for (int i = 1; i <= Recipe.BATCHES; i++) {
      try (NDManager step = manager.newSubManager()) {
        NDList logits = network.forward(new ParameterStore(step, false), inputs, true);
        NDArray value = loss.evaluate(labels, logits);
        NDArray seed = step.ones(value.getShape());
        JniUtils.backward((PtNDArray) value, (PtNDArray) seed, false, false);
        if (i % Recipe.LOG_INTERVAL == 0) {
          last = value.getFloat();
        }
      }
    }
    return last;
  }

  @Override
  public void close() {
    manager.close();
  }
}
