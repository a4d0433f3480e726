package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.spi.DataPass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of whatever a DJL data set holds. */
@DisplayName("D21 any DJL data set can be loaded")
class RecordLoaderTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final NDManager dataManager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void closeManagers() {
    manager.close();
    dataManager.close();
  }

  /** Rows of three floats, of which the first is the row's number; class i % 3. */
  private RandomAccessDataset table(int rows) {
    float[] values = new float[rows * 3];
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      values[3 * i] = i;
      values[3 * i + 1 + i % 2] = 1;
      classes[i] = i % 3;
    }
    return new ArrayDataset.Builder()
        .setData(dataManager.create(values, new Shape(rows, 3)))
        .optLabels(dataManager.create(classes))
        .setSampling(1, false)
        .build();
  }

  private static List<List<Float>> rows(RecordLoader loader, int pass, int firstBatch) {
    List<List<Float>> batches = new ArrayList<>();
    try (DataPass<RecordBatch> open = loader.open(pass, firstBatch)) {
      while (open.hasNext()) {
        try (RecordBatch batch = open.next()) {
          NDArray values = batch.inputs().singletonOrThrow();
          long[] classes = batch.labels().singletonOrThrow().toLongArray();
          List<Float> numbers = new ArrayList<>();
          for (int i = 0; i < batch.size(); i++) {
            float number = values.getFloat(i, 0);
            assertThat(classes[i]).isEqualTo((long) number % 3);
            numbers.add(number);
          }
          batches.add(numbers);
        }
      }
    }
    return batches;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  @DisplayName("D21 D08 batches are the sampler's for any workers, also from the middle of a pass")
  void order(int workers) {
    LoaderOptions options = new LoaderOptions(4, true, false, workers, 2, 5);
    List<Float> order = new ArrayList<>();
    for (int sample : options.samplerOf(18, i -> 0).order(3)) {
      order.add((float) sample);
    }
    try (RecordLoader loader = new RecordLoader(table(18), options, manager)) {
      assertThat(loader.length()).hasValue(5);
      List<List<Float>> batches = rows(loader, 3, 0);
      assertThat(batches.stream().flatMap(List::stream)).isEqualTo(order);
      assertThat(rows(loader, 3, 2)).isEqualTo(batches.subList(2, 5));
      assertThat(rows(loader, 4, 0)).isNotEqualTo(batches);
    }
    assertThat(LiveCount.below(manager)).isZero();
  }

  @Test
  @DisplayName("D21 records may have several inputs and labels of any type")
  void severalArrays() {
    RandomAccessDataset pairs =
        new Generated(
            (scope, i) ->
                new Record(
                    new NDList(scope.full(new Shape(2), i), scope.full(new Shape(3, 1), i + 1)),
                    new NDList(scope.create(i), scope.create((byte) i))));
    LoaderOptions options = new LoaderOptions(3, false, false, 2, 2, 0);
    try (RecordLoader loader = new RecordLoader(pairs, options, manager);
        DataPass<RecordBatch> pass = loader.open(0);
        RecordBatch batch = pass.next()) {
      assertThat(batch.inputs().getShapes()).containsExactly(new Shape(3, 2), new Shape(3, 3, 1));
      assertThat(batch.inputs().get(1).toFloatArray()).containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3);
      assertThat(batch.labels().get(0).toFloatArray()).containsExactly(0, 1, 2);
      assertThat(batch.labels().get(1).getDataType()).isEqualTo(DataType.INT64);
      assertThat(batch.labels().get(1).toLongArray()).containsExactly(0, 1, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @DisplayName("D21 D09 what can't be loaded surfaces at its batch with its samples and the reason")
  void failure(int workers) {
    RandomAccessDataset broken =
        new Generated(
            (scope, i) -> {
              if (i == 4) {
                throw new IOException("row 4 has no price");
              }
              return new Record(new NDList(scope.create(i)), new NDList(scope.create(i)));
            });
    LoaderOptions options = new LoaderOptions(2, false, false, workers, 2, 0);
    try (RecordLoader loader = new RecordLoader(broken, options, manager);
        DataPass<RecordBatch> pass = loader.open(0)) {
      pass.next().close();
      pass.next().close();
      assertThatThrownBy(pass::next)
          .isInstanceOf(DataException.class)
          .hasMessage("samples [4, 5] can't be loaded: row 4 has no price");
    }
    assertThat(LiveCount.below(manager)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @DisplayName("D21 D18 what nobody took is freed with the pass; a closed loader says so")
  void closing(int workers) {
    LoaderOptions options = new LoaderOptions(2, false, false, workers, 3, 0);
    RecordLoader loader = new RecordLoader(table(40), options, manager);
    rows(loader, 1, 0);
    assertThat(LiveCount.below(manager)).isEqualTo(1);
    DataPass<RecordBatch> pass = loader.open(0);
    pass.next().close();
    pass.close();
    assertThat(pass.hasNext()).isFalse();
    loader.close();
    assertThatThrownBy(() -> loader.open(1)).hasMessage(Background.LOADER_CLOSED);
    assertThat(LiveCount.below(manager)).isZero();
  }

  @Test
  @DisplayName("D21 a cache, a sampler by classes and batches without samples are refused")
  void refused() {
    LoaderOptions options = new LoaderOptions(4, true, true, 0, 2, 0);
    assertThatThrownBy(() -> new RecordLoader(table(9), options.cached(true), manager))
        .hasMessageContaining("leave out cached");
    assertThatThrownBy(() -> new RecordLoader(table(3), options, manager))
        .hasMessageContaining("the batch size 4 is larger than the 3 samples");
  }

  @Test
  @DisplayName("D21 D05 a model trains on a table; live arrays are constant")
  void training() {
    List<Integer> live = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    try (DjlModelStep<RecordBatch> model =
            new DjlModelStep<>(
                Linear.builder().setUnits(3).build(),
                CrossEntropyLoss.hard(),
                Device.cpu(),
                0,
                new Shape(1, 3));
        RecordLoader train =
            new RecordLoader(
                table(3), new LoaderOptions(3, true, false, 0, 1, 0), model.manager());
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      var runner = DjlRunners.epochBased(model, sgd, 60).build();
      runner.registerHook(new OptimizerHook());
      runner.registerHook(
          new Hook() {
            @Override
            public void afterTrainEpoch(HookContext context) {
              live.add(LiveCount.below(model.manager()));
              Map<String, Double> means = context.logBuffer().average(1);
              losses.add(means.get("loss"));
            }
          });
      runner.run(List.of(train), Workflow.training());
    }
    assertThat(losses.get(59)).isLessThan(0.8 * losses.get(0));
    assertThat(live.subList(10, 60)).containsOnly(live.get(10));
  }

  /** Makes one record. */
  @FunctionalInterface
  private interface Maker {
    Record make(NDManager scope, float index) throws IOException;
  }

  /** Six records. */
  private static final class Generated extends RandomAccessDataset {
    private final Maker maker;

    Generated(Maker maker) {
      super(new ArrayDataset.Builder().setSampling(1, false));
      this.maker = maker;
    }

    @Override
    public Record get(NDManager scope, long index) throws IOException {
      return maker.make(scope, (float) index);
    }

    @Override
    protected long availableSize() {
      return 6;
    }

    @Override
    public void prepare(Progress progress) {}
  }
}
