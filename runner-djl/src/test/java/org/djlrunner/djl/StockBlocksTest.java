package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("D16 DJL's own blocks train in the arena as they do by themselves")
class StockBlocksTest {
  private static final Shape SEQUENCE = new Shape(1, 4, 6);
  private static final double LR = 0.1;
  private static final long SEED = 5;

  /** Makes a fresh network. */
  interface Maker {
    Block make();
  }

  static Stream<Named<Maker>> blocks() {
    return Stream.of(
        Named.of("LSTM", () -> headed(LSTM.builder().setStateSize(5).setNumLayers(2).build())),
        Named.of("GRU", () -> headed(GRU.builder().setStateSize(5).setNumLayers(1).build())),
        Named.of(
            "RNN",
            () ->
                headed(
                    RNN.builder()
                        .setStateSize(5)
                        .setNumLayers(1)
                        .setActivation(RNN.Activation.TANH)
                        .build())),
        Named.of(
            "attention",
            () ->
                headed(
                    ScaledDotProductAttentionBlock.builder()
                        .setEmbeddingSize(6)
                        .setHeadCount(2)
                        .optAttentionProbsDropoutProb(0)
                        .build())),
        Named.of("layer norm", () -> headed(LayerNorm.builder().build())),
        Named.of("batch norm", () -> headed(BatchNorm.builder().build())),
        Named.of("dropout", () -> headed(Dropout.builder().optRate(0.3f).build())),
        Named.of("activation", () -> headed(Activation.geluBlock())),
        Named.of("word embedding", StockBlocksTest::words));
  }

  /** Words in, as their indices: {@code [N, T] int64}. */
  private static Block words() {
    return headed(
        TrainableWordEmbedding.builder()
            .setVocabulary(
                DefaultVocabulary.builder()
                    .add(List.of("a", "b", "c", "d", "e", "f", "g"))
                    .optUnknownToken()
                    .build())
            .setEmbeddingSize(5)
            .build());
  }

  private static boolean takesWords(Block block) {
    return block.getChildren().values().get(0) instanceof Embedding;
  }

  private static Shape input(Block block) {
    return takesWords(block) ? new Shape(1, 4) : SEQUENCE;
  }

  private static ArrayBatch batch(Block block, NDManager parent, int seed) {
    if (!takesWords(block)) {
      return Networks.batch(parent, 4, SEQUENCE, seed);
    }
    // A word may come twice in a batch, and some don't come at all.
    long[] indices = new Random(seed).longs(4 * 4, 0, 6).toArray();
    return new ArrayBatch(
        parent,
        4,
        manager -> new NDList(manager.create(indices, new Shape(4, 4))),
        manager -> new NDList(manager.create(new long[] {0, 1, 2, 3})));
  }

  private static Block headed(Block block) {
    return new SequentialBlock()
        .add(block)
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  @DisplayName("after three steps all weights are those of a loop over single parameters")
  void sameWeights(Maker maker) {
    Map<String, float[]> expected = byHand(maker.make());
    for (Compile compile : new Compile[] {Compile.NEVER, Compile.AUTO}) {
      Map<String, float[]> actual = inTheArena(maker.make(), compile);
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (name, values) -> {
            float[] ours = Objects.requireNonNull(actual.get(name));
            for (int i = 0; i < values.length; i++) {
              assertThat(ours[i])
                  .as("%s, compile %s", name, compile)
                  .isCloseTo(values[i], within(2e-6f));
            }
          });
    }
  }

  private static Map<String, float[]> inTheArena(Block block, Compile compile) {
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                block,
                CrossEntropyLoss.hard(),
                Device.cpu(),
                SEED,
                input(block),
                new StepOptions(Precision.FP32, compile));
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(LR), model.scalars())) {
      for (int i = 0; i < 3; i++) {
        Steps.train(model, sgd, batch(block, model.manager(), i), i);
      }
      return values(block);
    }
  }

  private static Map<String, float[]> byHand(Block block) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      boolean gradients = JniUtils.isGradMode();
      JniUtils.setSeed(SEED);
      block.initialize(manager, DataType.FLOAT32, input(block));
      JniUtils.setGradMode(true);
      try {
        for (int i = 0; i < 3; i++) {
          try (ArrayBatch batch = batch(block, manager, i)) {
            JniUtils.setSeed(StepSeed.of(SEED, i));
            step(block, batch);
          }
        }
        return values(block);
      } finally {
        JniUtils.setGradMode(gradients);
      }
    }
  }

  private static void step(Block block, ArrayBatch batch) {
    ParameterStore store = new ParameterStore(batch.manager(), false);
    NDArray loss =
        CrossEntropyLoss.hard()
            .evaluate(batch.labels(), block.forward(store, batch.inputs(), true));
    JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
    for (Parameter parameter : ParameterNames.of(block).values()) {
      NDArray weight = parameter.getArray();
      if (parameter.requiresGradient()) {
        NDArray gradient = weight.getGradient();
        JniUtils.setGradMode(false);
        weight.subi(gradient.mul(LR));
        JniUtils.setGradMode(true);
        JniUtils.zeroGrad((PtNDArray) weight);
      }
    }
  }

  private static Map<String, float[]> values(Block block) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach((name, parameter) -> values.put(name, parameter.getArray().toFloatArray()));
    return values;
  }
}
