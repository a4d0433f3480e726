package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.djlrunner.Mode;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Adam;
import org.djlrunner.djl.optim.AdamOptions;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.Snapshots.Snapshot;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModelSnapshotsTest {
  @Test
  @DisplayName(
      "D15 a restored model goes on as it did from the copy; options stay as hooks wrote them")
  void goesOnAsBefore() {
    Block block = Networks.normed();
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                block, CrossEntropyLoss.hard(), Devices.tested(), 0, Networks.normedInput());
        Adam adam = new Adam(model.arena(), AdamOptions.adam(0.01), model.scalars())) {
      train(model, adam, 0);
      float[] averaged = model.average().copy(model.manager()).toFloatArray();
      try (NDManager scratch = model.manager().newSubManager();
          Snapshot copy = new ModelSnapshots(model).take(Map.of("default", adam))) {
        train(model, adam, 1);
        List<Float> after = numbers(block);
        ParamGroup group = adam.paramGroups().get(0);
        Map<String, Double> written =
            Map.of("lr", 0.5, "beta1", 0.5, "beta2", 0.9, "weight_decay", 0.1);
        Map<String, Double> before = options(group, written.keySet());
        written.forEach(group::setOption);
        train(model, adam, 2);

        model.average().update(0.5);
        copy.restore();

        assertThat(model.average().copy(scratch).toFloatArray()).isEqualTo(averaged);
        assertThat(options(group, written.keySet())).isEqualTo(written);
        before.forEach(group::setOption);
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
        try (Snapshot copy = new ModelSnapshots(model).take(Map.of("default", adam))) {
          copy.restore();
        }
        arrays.add(model.manager().getManagedArrays().size());
      }
      assertThat(arrays).containsOnly(arrays.get(0));
    }
  }

  @Test
  @DisplayName("D15 all optimizers of a run are put back, each its own state")
  void severalOptimizers() {
    Block block = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(block);
        Adam head = adam(model, new GroupSpec("head", name -> name.startsWith("4."), Map.of()));
        Adam body = adam(model, new GroupSpec("body", name -> !name.startsWith("4."), Map.of()))) {
      train(model, List.of(head, body), 0);
      try (Snapshot copy = new ModelSnapshots(model).take(Map.of("head", head, "body", body))) {
        train(model, List.of(head, body), 1);
        List<Float> after = numbers(block);
        train(model, List.of(head, body), 2);
        copy.restore();
        train(model, List.of(head, body), 1);
        assertThat(numbers(block)).isEqualTo(after);
      }
    }
  }

  @Test
  @DisplayName("D15 a copy from before parameters were frozen or unfrozen is restored by name")
  void otherLayout() {
    Block block = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(block);
        Adam adam = adam(model, GroupSpec.all().get(0))) {
      model.freeze(name -> name.equals("0.bias"));
      train(model, adam, 0);
      model.average().update(0.5);
      List<Float> taken = numbers(block);
      Map<String, List<Float>> averages = averages(model);
      Map<String, List<Float>> states = states(model, adam);
      try (Snapshot copy = new ModelSnapshots(model).take(Map.of("default", adam))) {
        model.freeze(name -> name.equals("0.weight"));
        model.unfreeze(name -> name.equals("0.bias"));
        train(model, adam, 1);
        model.average().update(0.5);

        copy.restore();

        assertThat(numbers(block)).isEqualTo(taken);
        averages.remove("0.weight");
        averages.put("0.bias", numbers(parameter(block, "0.bias").getArray()));
        assertThat(averages(model)).isEqualTo(averages);
        states.keySet().removeIf(name -> name.startsWith("0.weight"));
        assertThat(states(model, adam)).isEqualTo(states);
        train(model, adam, 2);
        model.unfreeze(name -> name.equals("0.weight"));
        copy.restore();
        assertThat(numbers(block)).isEqualTo(taken);
      }
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("D15 a copy of an optimizer is one array a state, however many parameters there are")
  void copiesAreFlat() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed());
        Adam adam = adam(model, GroupSpec.all().get(0))) {
      train(model, adam, 0);
      int before = LiveCount.below(model.manager());
      try (Snapshot copy = new ModelSnapshots(model).take(Map.of("default", adam))) {
        // Its manager, the weights, mean and variance of the one norm, and Adam's two states.
        assertThat(LiveCount.below(model.manager())).isEqualTo(before + 1 + 1 + 2 + 2);
        copy.restore();
      }
      assertThat(LiveCount.below(model.manager())).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("D15 a state that didn't exist when the copy was taken is gone after restoring it")
  void beforeTheFirstUpdate() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed());
        Adam adam = adam(model, GroupSpec.all().get(0));
        Snapshot copy = new ModelSnapshots(model).take(Map.of("default", adam))) {
      train(model, adam, 0);
      List<Float> after = numbers(model.block());
      train(model, adam, 1);

      copy.restore();

      assertThat(states(model, adam)).isEmpty();
      train(model, adam, 0);
      assertThat(numbers(model.block())).isEqualTo(after);
    }
  }

  private static Map<String, Double> options(ParamGroup group, Set<String> names) {
    return names.stream().collect(Collectors.toMap(name -> name, group::option));
  }

  private static DjlModelStep<ArrayBatch> model(Block block) {
    return new DjlModelStep<>(
        block, CrossEntropyLoss.hard(), Devices.tested(), 0, Networks.normedInput());
  }

  private static Adam adam(DjlModelStep<?> model, GroupSpec group) {
    return new Adam(model.arena(), AdamOptions.adam(0.01), List.of(group), model.scalars());
  }

  private static Map<String, List<Float>> averages(DjlModelStep<?> model) {
    Map<String, List<Float>> averages = new TreeMap<>();
    try (NDManager scratch = model.manager().newSubManager()) {
      model.average().values(scratch).forEach((name, array) -> averages.put(name, numbers(array)));
    }
    return averages;
  }

  private static Map<String, List<Float>> states(DjlModelStep<?> model, Adam adam) {
    Map<String, List<Float>> states = new TreeMap<>();
    try (NDManager scratch = model.manager().newSubManager()) {
      adam.state(scratch)
          .parameters()
          .forEach(
              (name, held) ->
                  held.forEach(
                      (state, array) ->
                          states.put(
                              name + " " + state, numbers(array.toType(DataType.FLOAT32, true)))));
    }
    return states;
  }

  private static Parameter parameter(Block block, String name) {
    return Objects.requireNonNull(ParameterNames.of(block).get(name));
  }

  private static void train(DjlModelStep<ArrayBatch> model, List<Adam> optimizers, long seed) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = Networks.batch(model.manager(), 5, Networks.normedInput(), seed);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      optimizers.forEach(Adam::step);
    }
  }

  private static void train(DjlModelStep<ArrayBatch> model, Adam adam, long seed) {
    Steps.train(model, adam, Networks.batch(model.manager(), 5, Networks.normedInput(), seed));
  }

  private static List<Float> numbers(Block block) {
    List<Float> numbers = new ArrayList<>();
    ParameterNames.of(block)
        .forEach((name, parameter) -> numbers.addAll(numbers(parameter.getArray())));
    return numbers;
  }

  private static List<Float> numbers(NDArray array) {
    List<Float> numbers = new ArrayList<>();
    for (float number : array.toFloatArray()) {
      numbers.add(number);
    }
    return numbers;
  }
}
