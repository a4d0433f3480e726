package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Adam;
import org.djlrunner.djl.optim.AdamOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.Snapshots.Snapshot;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModelSnapshotsTest {
  @Test
  @DisplayName("D15 a restored model goes on as it did from the copy; rates stay the schedule's")
  void goesOnAsBefore() {
    Block block = Networks.normed();
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                block, CrossEntropyLoss.hard(), Devices.tested(), 0, Networks.normedInput());
        Adam adam = new Adam(model.arena(), AdamOptions.adam(0.01), model.scalars())) {
      train(model, adam, 0);
      float[] averaged = model.average().copy(model.manager()).toFloatArray();
      try (NDManager scratch = model.manager().newSubManager();
          Snapshot copy = new ModelSnapshots(model, adam).take()) {
        train(model, adam, 1);
        List<Float> after = numbers(block);
        adam.paramGroups().get(0).setLr(0.5);
        train(model, adam, 2);

        model.average().update(0.5);
        copy.restore();

        assertThat(model.average().copy(scratch).toFloatArray()).isEqualTo(averaged);
        assertThat(adam.paramGroups().get(0).lr()).isEqualTo(0.5);
        adam.paramGroups().get(0).setLr(0.01);
        train(model, adam, 1);
        assertThat(numbers(block)).isEqualTo(after);
      }
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("D15 taking, restoring and closing copies leaves no array behind")
  void leavesNothingBehind() {
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                Networks.normed(),
                CrossEntropyLoss.hard(),
                Devices.tested(),
                0,
                Networks.normedInput());
        Adam adam = new Adam(model.arena(), AdamOptions.adam(0.01), model.scalars())) {
      List<Integer> arrays = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        train(model, adam, i);
        try (Snapshot copy = new ModelSnapshots(model, adam).take()) {
          copy.restore();
        }
        arrays.add(model.manager().getManagedArrays().size());
      }
      assertThat(arrays).containsOnly(arrays.get(0));
    }
  }

  private static void train(DjlModelStep<ArrayBatch> model, Adam adam, long seed) {
    Steps.train(model, adam, Networks.batch(model.manager(), 5, Networks.normedInput(), seed));
  }

  private static List<Float> numbers(Block block) {
    List<Float> numbers = new ArrayList<>();
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              for (float number : parameter.getArray().toFloatArray()) {
                numbers.add(number);
              }
            });
    return numbers;
  }
}
